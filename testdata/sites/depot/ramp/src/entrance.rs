mod barrier;
mod lights;
const TERMS: &str = include_str!("terms.txt");
const RATES: &str = include_str!("../data/rates.csv");
fn main() { println!("{TERMS}{RATES}"); }
