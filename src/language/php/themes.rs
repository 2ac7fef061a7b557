//! What WordPress looks up in a theme by a name, and what pages load from there.
//!
//! Each may lie in the theme or in the one that it is a child of. WordPress has another in the place of most of them,
//! so that only those are told of that the theme holds in another case.

use mago_span::HasSpan;
use mago_syntax::ast::Expression;

use super::calls::Read;
use super::functions::below;
use super::lower::{self, Lowering};
use super::tree::{Context, Site};
use crate::diagnostic::Span;
use crate::expr::{MAX_VALUES, PathExpr};
use crate::framework::THEMES;
use crate::reference::Reference;

/// A value that is printed between two parts of markup.
#[derive(Debug)]
pub(super) struct Printed<'a> {
    pub(super) value: &'a Expression<'a>,
    pub(super) context: Context,
}

/// `get_template_part('slug', 'name')`: either file will do.
pub(super) fn part<'s>(
    site: &Site<'_>,
    row: &Read,
    name: Option<&Expression<'_>>,
    lowering: &mut Lowering<'_, '_, 's>,
) -> Option<Reference<'s>> {
    let found = super::reference(lower::inner(site.value), site.context, row, lowering)?;
    let slug = found.expr.as_literal().filter(|slug| !slug.is_empty() && !slug.contains(&b'\n'))?.to_vec();
    let plain = || [slug.as_slice(), b".php"].concat();
    let names = match name.map(|name| lowering.lower(name, site.context)) {
        None => vec![plain()],
        Some(PathExpr::Literal(name)) if name.is_empty() => vec![plain()],
        Some(PathExpr::Literal(name)) => vec![[slug.as_slice(), b"-", &name, b".php"].concat(), plain()],
        // Of a name that is only known later the folder is.
        Some(_) => {
            let front = PathExpr::literal([slug.as_slice(), b"-"].concat());
            let expr = below(THEMES[0], front.then(PathExpr::Hole));
            return Some(Reference { expr, tail: Span::default(), ..found });
        }
    };
    let expr = either(names.into_iter().map(PathExpr::literal));
    Some(Reference { expr, tail: Span::default(), ..found })
}

/// A file by its name, by one of several names, or by what is put behind `header-` and its like.
pub(super) fn file<'s>(
    site: &Site<'_>,
    row: &Read,
    front: &str,
    lowering: &mut Lowering<'_, '_, 's>,
) -> Option<Reference<'s>> {
    let value = lower::inner(site.value);
    let found = super::reference(value, site.context, row, lowering)?;
    let members: Vec<PathExpr<'s>> = match lower::elements(value) {
        Some(elements) if elements.len() <= MAX_VALUES / 2 => {
            let members = elements.iter().filter_map(lower::element_value);
            members.map(|member| lowering.lower(member, site.context)).collect()
        }
        Some(_) => return None,
        None => vec![found.expr],
    };
    let whole = |name: &PathExpr<'_>| {
        let text = name.as_literal().filter(|text| !text.is_empty() && !text.contains(&b':'))?;
        let named = || [front.as_bytes(), b"-", text, b".php"].concat();
        Some(PathExpr::literal(if front.is_empty() { text.to_vec() } else { named() }))
    };
    let names: Vec<PathExpr<'s>> = members.iter().map(whole).collect::<Option<_>>()?;
    let tail = if front.is_empty() && names.len() == 1 { found.tail } else { Span::default() };
    (!names.is_empty()).then(|| Reference { expr: either(names.into_iter()), tail, guarded: true, ..found })
}

/// The first of the names that one of the two themes has.
fn either<'s>(names: impl Iterator<Item = PathExpr<'s>>) -> PathExpr<'s> {
    PathExpr::FirstOf(names.flat_map(|name| THEMES.map(|place| below(place, name.clone()))).collect())
}

/// `<img src="<?php echo get_template_directory_uri(); ?>/img/x.png">`: the place that is printed before the rest of
/// a URL.
pub(super) fn place(references: &mut [Reference<'_>], printed: &[Printed<'_>], lowering: &mut Lowering<'_, '_, '_>) {
    for reference in references {
        let PathExpr::Concat(parts) = &reference.expr else { continue };
        let [PathExpr::Hole, PathExpr::Literal(rest)] = parts.as_slice() else { continue };
        let within = |one: &&Printed<'_>| {
            let span = lower::span(one.value.span());
            reference.span.start < span.start && span.end < reference.span.end
        };
        let mut inside = printed.iter().skip(first_behind(printed, reference.span.start)).take_while(within);
        let (Some(one), None, true) = (inside.next(), inside.next(), rest.starts_with(b"/")) else { continue };
        let place = lowering.lower(one.value, one.context);
        if matches!(place, PathExpr::Constant(_)) {
            reference.expr = place.then(PathExpr::literal(rest.to_vec())).into_owned();
        }
    }
}

/// The first of what is printed, in the order of the source, that stands behind a place.
fn first_behind(printed: &[Printed<'_>], start: u32) -> usize {
    printed.partition_point(|one| lower::span(one.value.span()).start <= start)
}
