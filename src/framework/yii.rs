//! Yii 2 in PHP: templates that controllers name (yiiframework.com guide "Views").
//!
//! `render` is a row of Symfony's as well: a name without Twig's extension, in a controller, is Yii's.

use super::{Framework, NONE, Role, call};
use crate::diagnostic::Strength::Fatal;
use crate::reference::Phtml;

/// Yii.
pub const FRAMEWORK: Framework = Framework {
    name: "yii",
    language: "php",
    calls: &[
        call("->renderajax", 0, "", Role::Phtml(Phtml::Action), Fatal),
        call("->renderpartial", 0, "", Role::Phtml(Phtml::Action), Fatal),
    ],
    ..NONE
};
