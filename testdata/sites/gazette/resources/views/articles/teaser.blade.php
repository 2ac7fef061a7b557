<p>teaser</p>
