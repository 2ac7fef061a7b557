<p>{$total}</p>
