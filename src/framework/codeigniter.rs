//! CodeIgniter in PHP: what controllers load by name (codeigniter.com/userguide3 "Loader Class";
//! codeigniter.com/user_guide "Views", whose function `view` is a row of Laravel's as well).

use super::{Framework, NONE, Role, call};
use crate::diagnostic::Strength::Fatal;
use crate::reference::Loaded;

/// CodeIgniter.
pub const FRAMEWORK: Framework = Framework {
    name: "codeigniter",
    language: "php",
    calls: &[
        call("->load->helper", 0, "", Role::Loaded(Loaded::Helper), Fatal),
        call("->load->library", 0, "", Role::Loaded(Loaded::Library), Fatal),
        call("->load->model", 0, "", Role::Loaded(Loaded::Model), Fatal),
        call("->load->view", 0, "", Role::Loaded(Loaded::View), Fatal),
    ],
    ..NONE
};
