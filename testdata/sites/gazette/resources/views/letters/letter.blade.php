<p>letter</p>
