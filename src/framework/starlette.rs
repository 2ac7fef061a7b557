//! Starlette and FastAPI in Python: what their calls do with a path (starlette.io, "Static Files" and "Templates").

use super::call::{Call, Role, call};
use crate::diagnostic::Strength::Fatal;
use crate::reference::Want;

/// The rows, sorted by name. Folders start where the program runs; whose templates a response renders is not told.
pub const CALLS: &[Call] = &[
    call("*.TemplateResponse", 0, "name", Role::Response, Fatal),
    call("fastapi.staticfiles.StaticFiles", 0, "directory", Role::Read(Want::Directory), Fatal),
    call("fastapi.templating.Jinja2Templates", 0, "directory", Role::TemplateFolder, Fatal),
    call("starlette.staticfiles.StaticFiles", 0, "directory", Role::Read(Want::Directory), Fatal),
    call("starlette.templating.Jinja2Templates", 0, "directory", Role::TemplateFolder, Fatal),
];
