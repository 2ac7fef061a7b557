<p>Heading</p>
