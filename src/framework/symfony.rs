//! Symfony in PHP: calls that name templates of Twig (symfony.com "Creating and Using Templates").
//!
//! Many methods are called so: a name counts where it ends as those of Twig do.

use super::{Framework, NONE, Role, call};
use crate::diagnostic::Strength::Fatal;

/// Symfony.
pub const FRAMEWORK: Framework = Framework {
    name: "symfony",
    language: "php",
    calls: &[
        call("->htmltemplate", 0, "", Role::Template, Fatal),
        call("->render", 0, "", Role::Template, Fatal),
        call("->renderform", 0, "", Role::Template, Fatal),
        call("->renderview", 0, "", Role::Template, Fatal),
        call("->texttemplate", 0, "", Role::Template, Fatal),
    ],
    ..NONE
};
