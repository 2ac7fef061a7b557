//! Yii 2 and CakePHP in PHP: templates that controllers and templates name (yiiframework.com guide "Views";
//! book.cakephp.org "Views", "Elements").
//!
//! `render` is a row of Symfony's as well: a name without Twig's extension, in a controller, is Yii's.

use super::{Framework, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal};
use crate::reference::Phtml;

/// Yii and CakePHP.
pub const FRAMEWORK: Framework = Framework {
    name: "yii",
    language: "php",
    filled: &[],
    named: &[],
    functions: &[],
    asks: &[],
    calls: &[
        call("->element", 0, "", Role::Phtml(Phtml::Element), Broken),
        call("->renderajax", 0, "", Role::Phtml(Phtml::Action), Fatal),
        call("->renderpartial", 0, "", Role::Phtml(Phtml::Action), Fatal),
    ],
};
