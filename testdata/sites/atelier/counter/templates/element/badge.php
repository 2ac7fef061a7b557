<p>Badge</p>
