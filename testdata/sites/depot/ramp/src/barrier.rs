mod motor;
