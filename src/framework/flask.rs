//! Flask and Jinja in Python: what their calls do with a path (flask.palletsprojects.com "API",
//! jinja.palletsprojects.com "API").
//!
//! Quart is Flask's twin and has the same names.

use std::borrow::Cow;

use super::call::{Call, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal};
use crate::reference::Want;

const APPLICATION: Role = Role::Application { templates: "templates", statics: "static" };
const BLUEPRINT: Role = Role::Application { templates: "", statics: "" };

/// Packages whose import says that templates are Jinja's.
pub const JINJA: [&str; 8] =
    ["aiohttp_jinja2", "fastapi", "flask", "jinja2", "quart", "sanic", "starlette", "starlette_jinja2"];

/// Packages, as they are imported, that bring templates below a directory of this name, beside which an application may
/// put its own (flask-admin.readthedocs.io "Customizing Built-in Views", flask-appbuilder.readthedocs.io "Customizing",
/// flask-security-too.readthedocs.io "Views", flask-user.readthedocs.io, aminalaee.dev/sqladmin "Customizing
/// templates").
pub const BRINGS_TEMPLATES: [(&str, &str); 5] = [
    ("flask_admin", "admin"),
    ("flask_appbuilder", "appbuilder"),
    ("flask_security", "security"),
    ("flask_user", "flask_user"),
    ("sqladmin", "sqladmin"),
];

/// What reports call a URL of a blueprint that is named: it may be one of a package.
pub const OF_BLUEPRINT: &str = "url_for of a blueprint";

/// The construct of `url_for` with this endpoint, where it is one of static files.
#[must_use]
pub fn static_endpoint(endpoint: &[u8]) -> Option<&'static str> {
    match endpoint {
        b"static" | b".static" => Some("url_for"),
        _ => endpoint.ends_with(b".static").then_some(OF_BLUEPRINT),
    }
}

/// Calls whose templates need not be those of the application: environments and wrappers have loaders of their own.
pub const OWN_LOADER: [&str; 6] = [
    "*.TemplateResponse",
    "*.render_template",
    "*.stream_template",
    "get_or_select_template",
    "get_template",
    "select_template",
];

/// The name that rows know a callee by: those of Quart are Flask's.
#[must_use]
pub fn python_name(dotted: &str) -> Cow<'_, str> {
    if !dotted.starts_with("quart.") {
        return Cow::Borrowed(dotted);
    }
    Cow::Owned(dotted.replace("quart.Quart", "flask.Flask").replace("quart.", "flask."))
}

/// The rows, sorted by name.
pub const CALLS: &[Call] = &[
    call("*.render_template", 0, "template_name_or_list", Role::Template, Fatal),
    call("*.stream_template", 0, "template_name_or_list", Role::Template, Fatal),
    call(".config.from_file", 0, "filename", Role::OfApplication(Want::File), Fatal),
    call(".config.from_pyfile", 0, "filename", Role::OfApplication(Want::File), Fatal),
    call(".open_resource", 0, "resource", Role::OfApplication(Want::File), Fatal),
    call(".send_static_file", 0, "filename", Role::Static, Broken),
    call("flask.Blueprint", 1, "import_name", BLUEPRINT, Fatal),
    call("flask.Flask", 0, "import_name", APPLICATION, Fatal),
    call("flask.get_template_attribute", 0, "template_name", Role::Template, Fatal),
    call("flask.render_template", 0, "template_name_or_list", Role::Template, Fatal),
    call("flask.send_file", 0, "path_or_file", Role::OfApplication(Want::File), Broken),
    call("flask.send_from_directory", 0, "directory", Role::InDirectory, Broken),
    call("flask.stream_template", 0, "template_name_or_list", Role::Template, Fatal),
    call("flask.url_for", 0, "endpoint", Role::StaticUrl, Broken),
    call("jinja2.Environment().get_or_select_template", 0, "template_name_or_list", Role::Template, Fatal),
    call("jinja2.Environment().get_template", 0, "name", Role::Template, Fatal),
    call("jinja2.Environment().select_template", 0, "names", Role::Template, Fatal),
    call("jinja2.FileSystemLoader", 0, "searchpath", Role::TemplateRoot, Fatal),
    call("jinja2.PackageLoader", 1, "package_path", Role::TemplateRoot, Fatal),
];
