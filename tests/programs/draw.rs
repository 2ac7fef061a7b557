//! Names drawn by chance, the same in every run: as they are, or with one slip in them.

/// Pseudo-random numbers with a fixed seed (Knuth's MMIX constants).
pub struct Draw(pub u64);

impl Draw {
    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }

    /// One of a list.
    pub fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    /// The name as it is in one of three cases, else with one slip in it.
    pub fn spoiled(&mut self, name: &str) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        let at = self.below(letters.len());
        match self.below(9) {
            0..=2 => {}
            3 => letters[at] = flipped(letters[at]),
            4 => letters.insert(at, 'x'),
            5 if letters[at].is_alphanumeric() => drop(letters.remove(at)),
            6 if at > 0 => letters.swap(at - 1, at),
            7 => letters.push(' '),
            _ => letters.extend("x".chars()),
        }
        letters.into_iter().collect()
    }

    /// A spoiled name that still is one word of the language.
    pub fn word(&mut self, name: &str) -> String {
        let spoiled = self.spoiled(name);
        let word = |word: &str| word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains([':', ' ']);
        if spoiled.split("::").all(word) { spoiled } else { name.to_owned() }
    }

    /// The same place, written otherwise.
    pub fn detour(&mut self, path: &str) -> String {
        match self.below(6) {
            0 => path.replacen('/', "//", 1),
            1 => path.replacen('/', "/./", 1),
            _ => path.to_owned(),
        }
    }
}

fn flipped(letter: char) -> char {
    if letter.is_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}
