<h1>Gazette</h1>
