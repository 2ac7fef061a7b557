//! Magento 2 in PHP: templates and files of modules that blocks name (developer.adobe.com, "Templates", "Asset
//! repository").

use super::{Framework, NONE, Role, call};
use crate::diagnostic::Strength::Broken;
use crate::reference::Magento;

/// Magento.
pub const FRAMEWORK: Framework = Framework {
    name: "magento",
    language: "php",
    calls: &[
        call("$_template", 0, "", Role::Magento(Magento::Template), Broken),
        call("->getviewfileurl", 0, "", Role::Magento(Magento::Asset), Broken),
        call("->settemplate", 0, "", Role::Magento(Magento::Template), Broken),
    ],
    ..NONE
};
