<p>Mill Lane</p>
