//! `srcset`, by the algorithm of WHATWG HTML, "Parsing a srcset attribute": never split at commas alone, as URLs may
//! hold them.

use std::ops::Range;

/// The ranges of the URLs in a `srcset`.
pub(super) fn urls(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(skipped) = text.get(at..).and_then(|rest| rest.iter().position(|&byte| !is_gap(byte))) {
        let start = at + skipped;
        let length = text[start..].iter().position(u8::is_ascii_whitespace).unwrap_or(text.len() - start);
        let mut end = start + length;
        at = end;
        if text[start..end].ends_with(b",") {
            while text[start..end].ends_with(b",") {
                end -= 1;
            }
        } else {
            at = after_descriptors(text, end);
        }
        if start < end {
            found.push(start..end);
        }
    }
    found
}

fn is_gap(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b','
}

/// Past the comma that ends the descriptors; commas in parentheses belong to them.
fn after_descriptors(text: &[u8], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, &byte) in text.iter().enumerate().skip(from) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_algorithm() {
        for (text, want) in [
            ("", vec![]),
            ("a.png", vec!["a.png"]),
            ("a.png 1x, b.png 2x", vec!["a.png", "b.png"]),
            ("a.png, b.png 2x", vec!["a.png", "b.png"]),
            ("a,b.png 1x", vec!["a,b.png"]),
            ("https://x/w_1,h_2/a.jpg 1x, b.jpg", vec!["https://x/w_1,h_2/a.jpg", "b.jpg"]),
            (" ,a.png calc(1,2) ,\n b.png 2w,", vec!["a.png", "b.png"]),
        ] {
            let found: Vec<&str> = urls(text.as_bytes()).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, want, "{text}");
        }
    }
}
