<h1>Clinic</h1>
