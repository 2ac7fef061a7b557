//! Values of a workflow that hold paths and patterns among other text: `hashFiles`, lists, filters.

use super::{Asked, Job, Reader, Written};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;
use crate::language::syntax::yaml::Node;
use crate::reference::Want;

impl Reader<'_> {
    /// `hashFiles('package-lock.json')` of a file that is not there is empty text, and no cache is ever told from
    /// another.
    pub(super) fn hashed(&mut self, node: &Node, job: &Job<'_>) {
        let Some((text, span)) = node.string() else { return };
        if span.of(self.bytes) != text {
            return;
        }
        let mut from = 0;
        while let Some(at) = memchr::memmem::find(&text[from..], b"hashFiles(").map(|at| from + at) {
            let end = memchr::memchr(b')', &text[at..]).map_or(text.len(), |end| at + end);
            let mut quotes = memchr::memchr_iter(b'\'', &text[at..end]).map(|quote| at + quote);
            while let (Some(open), Some(close)) = (quotes.next(), quotes.next()) {
                let name = &text[open + 1..close];
                if name.is_empty() || name.iter().any(|byte| b"*?[]!$+".contains(byte)) {
                    continue;
                }
                let span = Span::new(span.start as usize + open + 1, span.start as usize + close);
                let written = Written { expr: PathExpr::literal(name.to_vec()), span, tail: span };
                let asked =
                    Asked { construct: "hashFiles", want: Want::File, strength: Strength::Optional, made: true };
                self.push(written, job, asked);
            }
            from = end;
        }
    }

    /// Paths or patterns, one a line.
    pub(super) fn lines(&mut self, node: &Node, construct: &'static str, job: &Job<'_>) {
        let Some((text, span)) = node.string() else { return };
        let block = text.contains(&b'\n');
        let mut from = 0;
        for line in text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
            if line.iter().any(|byte| b"*?[!{$".contains(byte)) {
                continue;
            }
            let rest = span.of(self.bytes).get(from..).unwrap_or_default();
            let found = memchr::memmem::find(rest, line).map(|at| from + at).filter(|_| block);
            from = found.map_or(from, |at| at + line.len());
            let span = match found {
                Some(at) => Span::new(span.start as usize + at, span.start as usize + at + line.len()),
                None if block => continue,
                None => span,
            };
            let exact = span.of(self.bytes) == line;
            let written = Written {
                expr: PathExpr::literal(line.to_vec()),
                span,
                tail: if exact { span } else { Span::default() },
            };
            self.push(written, job, Asked { construct, want: Want::Any, strength: Strength::Silent, made: job.made });
        }
    }

    /// A pattern of a filter, where it is a path, or its directory. One that matches nothing is silent.
    pub(super) fn filter(&mut self, node: &Node) {
        let Some((text, span)) = node.string() else { return };
        let first = text.iter().position(|byte| b"*?[]+!".contains(byte));
        let (length, want) = match first {
            None => (text.len(), Want::Any),
            Some(at) => (memchr::memrchr(b'/', &text[..at]).unwrap_or(0), Want::Directory),
        };
        if length == 0 || text.contains(&b'\\') || span.of(self.bytes) != text {
            return;
        }
        let span = Span::new(span.start as usize, span.start as usize + length);
        let written = Written { expr: PathExpr::literal(text[..length].to_vec()), span, tail: span };
        let asked = Asked { construct: "paths", want, strength: Strength::Optional, made: true };
        self.push(written, &Job::default(), asked);
    }
}
