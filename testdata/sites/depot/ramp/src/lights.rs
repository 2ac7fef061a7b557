pub fn light() {}
