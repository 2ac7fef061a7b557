//! CakePHP in PHP: the elements that templates are put together from (book.cakephp.org "Views", "Elements").

use super::{Framework, NONE, Role, call};
use crate::diagnostic::Strength::Broken;
use crate::reference::Phtml;

/// CakePHP.
pub const FRAMEWORK: Framework = Framework {
    name: "cakephp",
    language: "php",
    calls: &[call("->element", 0, "", Role::Phtml(Phtml::Element), Broken)],
    ..NONE
};
