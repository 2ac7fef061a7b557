<p>picture</p>
