<p>{$article}</p>
