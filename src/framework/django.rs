//! Django in Python: what its calls, attributes and settings do with a path (docs.djangoproject.com, "Templates",
//! "Django shortcut functions", "Class-based views", "The staticfiles app").

use super::call::{Call, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal};

/// The rows, sorted by name.
pub const CALLS: &[Call] = &[
    call("django.contrib.staticfiles.templatetags.staticfiles.static", 0, "path", Role::Static, Broken),
    call("django.shortcuts.render", 1, "template_name", Role::Template, Fatal),
    call("django.shortcuts.render_to_response", 0, "template_name", Role::Template, Fatal),
    call("django.template.loader.get_template", 0, "template_name", Role::Template, Fatal),
    call("django.template.loader.render_to_string", 0, "template_name", Role::Template, Fatal),
    call("django.template.loader.select_template", 0, "template_name_list", Role::Template, Fatal),
    call("django.template.response.SimpleTemplateResponse", 0, "template", Role::Template, Fatal),
    call("django.template.response.TemplateResponse", 1, "template", Role::Template, Fatal),
    call("django.templatetags.static.static", 0, "path", Role::Static, Broken),
];

/// What reports call the value of a name that is one of a template by its end alone.
pub const BY_ITS_NAME: &str = "template";
/// What reports call the value of `template_name` and its kin.
pub const TEMPLATE_NAME: &str = "template_name";

/// The construct of an attribute or a keyword whose value is a template's name. In a module of Django's, names that
/// end in `template` count as well.
#[must_use]
pub fn template_name(name: &str, of_django: bool) -> Option<&'static str> {
    if name == "template_name" || name.ends_with("_template_name") {
        return Some(TEMPLATE_NAME);
    }
    (of_django && (name == "template" || name.ends_with("_template"))).then_some(BY_ITS_NAME)
}

/// Settings that list directories: of templates, of static files.
pub const TEMPLATE_DIRS: [&str; 2] = ["DIRS", "TEMPLATE_DIRS"];
/// Settings that list directories of static files.
pub const STATIC_DIRS: &str = "STATICFILES_DIRS";

/// First directories of the names of templates and static files that packages bring, beside which an application may
/// put its own (docs.djangoproject.com, "How to override templates"). Sorted.
pub const BROUGHT: [&str; 20] = [
    "account",
    "admin",
    "allauth",
    "cms",
    "compressor",
    "crispy_forms",
    "debug_toolbar",
    "django",
    "django_extensions",
    "django_filters",
    "django_tables2",
    "gis",
    "grappelli",
    "mptt",
    "oauth2_provider",
    "registration",
    "rest_framework",
    "socialaccount",
    "suit",
    "two_factor",
];
