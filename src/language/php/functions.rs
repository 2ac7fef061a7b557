//! Functions that make a path of another: PHP's own, and those that a framework's rows name.

use mago_syntax::ast::{Call, Expression, FunctionCall, Literal};

use super::lower::{self, Lowering, joined};
use super::sites::{argument, function_name, literal_argument};
use super::tree::Context;
use crate::expr::{MAX_VALUES, PathExpr, Transform};
use crate::framework::{self, Gives};

/// What PHP trims where no mask is given.
const BLANK: &[u8] = b" \n\r\t\x0B\0";
/// Highest `dirname` that is followed.
const MAX_LEVELS: u64 = 64;

/// The path that a call gives.
pub(super) fn call<'s>(lowering: &mut Lowering<'_, '_, 's>, call: &Call<'_>, context: Context) -> PathExpr<'s> {
    let Call::Function(call) = call else { return PathExpr::Hole };
    let Expression::Identifier(name) = call.function else { return PathExpr::Hole };
    let name = function_name(name).to_ascii_lowercase();
    let mut arguments = Arguments { lowering, call, context };
    match arguments.php(&name) {
        Some(path) => path,
        None => arguments.framework(&name).unwrap_or(PathExpr::Hole),
    }
}

/// The argument that ends the path a call gives, for edits of its end.
pub(super) fn path_argument<'e>(call: &'e Call<'e>) -> Option<&'e Expression<'e>> {
    let Call::Function(call) = call else { return None };
    let Expression::Identifier(name) = call.function else { return None };
    let name = function_name(name).to_ascii_lowercase();
    let nth = match framework::function("php", &name).map(|function| function.gives) {
        Some(
            Gives::Argument(nth) | Gives::Below(_, nth) | Gives::BelowEither(_, nth) | Gives::Beside { path: nth, .. },
        ) => nth,
        None if name == b"realpath" => 0,
        _ => return None,
    };
    argument(&call.argument_list, nth)
}

/// Whether a call gives what lies below a place that a framework names (`database_path('seeders')`).
pub(super) fn is_below_place(call: &Call<'_>) -> bool {
    let Call::Function(call) = call else { return false };
    let Expression::Identifier(name) = call.function else { return false };
    let gives = framework::function("php", function_name(name)).map(|row| row.gives);
    matches!(gives, Some(Gives::Below(..))) && !call.argument_list.arguments.is_empty()
}

/// Whether a statement is a call that prints a place (`bloginfo('template_url')`).
pub(super) fn prints(statement: &Expression<'_>) -> bool {
    let Expression::Call(Call::Function(call)) = statement else { return false };
    let Expression::Identifier(name) = call.function else { return false };
    matches!(framework::function("php", function_name(name)).map(|row| row.gives), Some(Gives::Keyed(..)))
}

struct Arguments<'l, 't, 'a, 's, 'c> {
    lowering: &'l mut Lowering<'t, 'a, 's>,
    call: &'c FunctionCall<'c>,
    context: Context,
}

impl<'s, 'c> Arguments<'_, '_, '_, 's, 'c> {
    fn php(&mut self, name: &[u8]) -> Option<PathExpr<'s>> {
        let transform = match name {
            b"dirname" => return self.dirname(),
            b"sprintf" => return self.sprintf(),
            b"implode" | b"join" => return self.implode(),
            b"constant" => return self.literal(0).map(|name| PathExpr::Constant(name.to_vec().into())),
            b"str_replace" => {
                let (from, to) = (self.literal(0)?.to_vec(), self.literal(1)?.to_vec());
                return Some(self.nth(2)?.apply(Transform::Replace(from, to)));
            }
            b"trim" => {
                let mask = self.mask()?;
                let start = self.nth(0)?.apply(Transform::TrimStart(mask.clone()));
                return Some(start.apply(Transform::TrimEnd(mask)));
            }
            b"basename" => self.basename()?,
            b"rtrim" | b"chop" => Transform::TrimEnd(self.mask()?),
            b"ltrim" => Transform::TrimStart(self.mask()?),
            b"realpath" => Transform::Normalize,
            b"strtolower" | b"mb_strtolower" => Transform::Lower,
            b"strtoupper" | b"mb_strtoupper" => Transform::Upper,
            _ => return None,
        };
        Some(self.nth(0)?.apply(transform))
    }

    fn framework(&mut self, name: &[u8]) -> Option<PathExpr<'s>> {
        if self.call.argument_list.arguments.is_empty() {
            return Some(PathExpr::Constant([name, b"()"].concat().into()));
        }
        let slash = || PathExpr::literal(&b"/"[..]);
        Some(match framework::function("php", name)?.gives {
            Gives::Argument(nth) => self.nth(nth)?,
            Gives::WithSlash(nth) => self.nth(nth)?.apply(Transform::EndWithSlash),
            Gives::WithoutSlash(nth) => self.nth(nth)?.apply(Transform::TrimEnd(b"/\\".to_vec())),
            Gives::DirectoryOf(nth) => self.nth(nth)?.parent(1).then(slash()),
            Gives::Below(place, nth) => below(place, self.nth(nth)?),
            Gives::BelowEither(places, nth) => {
                let path = self.nth(nth)?;
                PathExpr::FirstOf(places.into_iter().map(|place| below(place, path.clone())).collect())
            }
            Gives::Keyed(nth, places) => {
                let word = self.literal(nth)?;
                let (_, place) = places.iter().find(|(known, _)| known.as_bytes() == word)?;
                PathExpr::Constant(place.as_bytes().into())
            }
            Gives::Beside { path, file } => {
                let directory = self.nth(file)?.parent(1);
                directory.then(slash()).then(without_slash(self.nth(path)?))
            }
        })
    }

    fn nth(&mut self, nth: usize) -> Option<PathExpr<'s>> {
        let value = argument(&self.call.argument_list, nth)?;
        Some(self.lowering.part(value, self.context))
    }

    fn literal(&self, nth: usize) -> Option<&'c [u8]> {
        literal_argument(&self.call.argument_list, nth)
    }

    fn count(&self) -> usize {
        self.call.argument_list.arguments.len()
    }

    fn dirname(&mut self) -> Option<PathExpr<'s>> {
        let levels = match argument(&self.call.argument_list, 1) {
            None if self.count() == 1 => 1,
            Some(Expression::Literal(Literal::Integer(levels))) => levels.value?,
            _ => return None,
        };
        let levels = u32::try_from(levels.min(MAX_LEVELS)).ok()?;
        Some(self.nth(0)?.parent(levels))
    }

    /// The bytes that are trimmed; ranges (`a..z`) are not read.
    fn mask(&self) -> Option<Vec<u8>> {
        if self.count() == 1 {
            return Some(BLANK.to_vec());
        }
        let mask = self.literal(1)?;
        (memchr::memmem::find(mask, b"..").is_none()).then(|| mask.to_vec())
    }

    fn basename(&self) -> Option<Transform> {
        match self.count() {
            1 => Some(Transform::Basename),
            _ => self.literal(1)?.starts_with(b".").then_some(Transform::Stem),
        }
    }

    fn implode(&mut self) -> Option<PathExpr<'s>> {
        let separator = self.nth(0)?;
        let array = argument(&self.call.argument_list, 1)?;
        let elements = lower::elements(lower::inner(array))?;
        if elements.len() > MAX_VALUES {
            return None;
        }
        let mut parts = Vec::new();
        for element in elements {
            if !parts.is_empty() {
                parts.push(separator.clone());
            }
            parts.push(self.lowering.part(lower::element_value(element)?, self.context));
        }
        Some(joined(parts))
    }

    /// `%s`, `%d`, `%1$s` and `%%`; anything else is a hole.
    fn sprintf(&mut self) -> Option<PathExpr<'s>> {
        let format = self.literal(0)?;
        let mut parts = Vec::new();
        let (mut rest, mut next) = (format, 1);
        while let Some(at) = memchr::memchr(b'%', rest) {
            push_text(&mut parts, &rest[..at]);
            let (directive, after) = directive(&rest[at + 1..]);
            match directive {
                Directive::Percent => push_text(&mut parts, b"%"),
                Directive::Next => {
                    parts.push(self.nth(next).unwrap_or(PathExpr::Hole));
                    next += 1;
                }
                Directive::Nth(nth) => parts.push(self.nth(nth).unwrap_or(PathExpr::Hole)),
                Directive::Other => {
                    parts.push(PathExpr::Hole);
                    next += 1;
                }
            }
            rest = after;
        }
        push_text(&mut parts, rest);
        Some(joined(parts))
    }
}

/// A path below the place that a framework's name stands for.
pub(super) fn below<'s>(place: &'static str, path: PathExpr<'s>) -> PathExpr<'s> {
    let place = PathExpr::Constant(place.as_bytes().into());
    place.then(PathExpr::literal(&b"/"[..])).then(without_slash(path))
}

fn without_slash(path: PathExpr<'_>) -> PathExpr<'_> {
    path.apply(Transform::TrimStart(b"/".to_vec()))
}

fn push_text(parts: &mut Vec<PathExpr<'_>>, text: &[u8]) {
    if !text.is_empty() {
        parts.push(PathExpr::literal(text.to_vec()));
    }
}

enum Directive {
    Percent,
    Next,
    Nth(usize),
    Other,
}

/// What follows a `%`, and what follows that.
fn directive(text: &[u8]) -> (Directive, &[u8]) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count().min(3);
    let (number, rest) = text.split_at(digits);
    match (number, rest) {
        ([], [b'%', rest @ ..]) => (Directive::Percent, rest),
        ([], [b's' | b'd', rest @ ..]) => (Directive::Next, rest),
        ([_, ..], [b'$', b's' | b'd', rest @ ..]) => {
            let number = number.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
            (Directive::Nth(number), rest)
        }
        _ => {
            let end = text.iter().position(u8::is_ascii_alphabetic).map_or(text.len(), |at| at + 1);
            (Directive::Other, &text[end..])
        }
    }
}
