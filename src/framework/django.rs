//! Django in Python: what its calls, attributes and settings do with a path (docs.djangoproject.com, "Templates",
//! "Django shortcut functions", "Class-based views", "The staticfiles app").

use super::call::{Call, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal};

/// The rows, sorted by name.
pub const CALLS: &[Call] = &[
    call("django.conf.urls.include", 0, "arg", Role::ImportFirst, Fatal),
    call("django.contrib.staticfiles.templatetags.staticfiles.static", 0, "path", Role::Static, Broken),
    call("django.shortcuts.render", 1, "template_name", Role::Template, Fatal),
    call("django.shortcuts.render_to_response", 0, "template_name", Role::Template, Fatal),
    call("django.template.loader.get_template", 0, "template_name", Role::Template, Fatal),
    call("django.template.loader.render_to_string", 0, "template_name", Role::Template, Fatal),
    call("django.template.loader.select_template", 0, "template_name_list", Role::Template, Fatal),
    call("django.template.response.SimpleTemplateResponse", 0, "template", Role::Template, Fatal),
    call("django.template.response.TemplateResponse", 1, "template", Role::Template, Fatal),
    call("django.templatetags.static.static", 0, "path", Role::Static, Broken),
    call("django.urls.include", 0, "arg", Role::ImportFirst, Fatal),
    call("django.utils.module_loading.import_string", 0, "dotted_path", Role::ImportMember, Fatal),
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

/// What a name in dots stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dotted {
    /// An application: its package, or the class of its configuration behind a module.
    Application,
    /// What a module defines, behind its name.
    Member,
    /// A module.
    Module,
}

/// Settings whose strings are imported (docs.djangoproject.com, "Settings"), and views that a module of URLs names.
/// Sorted. What only the server of developers reads, or what tests read, is left out.
pub const IMPORTED: [(&str, Dotted); 24] = [
    ("AUTHENTICATION_BACKENDS", Dotted::Member),
    ("CSRF_FAILURE_VIEW", Dotted::Member),
    ("DATABASE_ROUTERS", Dotted::Member),
    ("DEFAULT_EXCEPTION_REPORTER", Dotted::Member),
    ("DEFAULT_FILE_STORAGE", Dotted::Member),
    ("EMAIL_BACKEND", Dotted::Member),
    ("FILE_UPLOAD_HANDLERS", Dotted::Member),
    ("INSTALLED_APPS", Dotted::Application),
    ("MESSAGE_STORAGE", Dotted::Member),
    ("MIDDLEWARE", Dotted::Member),
    ("MIDDLEWARE_CLASSES", Dotted::Member),
    ("PASSWORD_HASHERS", Dotted::Member),
    ("ROOT_URLCONF", Dotted::Module),
    ("SESSION_ENGINE", Dotted::Module),
    ("SESSION_SERIALIZER", Dotted::Member),
    ("STATICFILES_FINDERS", Dotted::Member),
    ("STATICFILES_STORAGE", Dotted::Member),
    ("TEMPLATE_CONTEXT_PROCESSORS", Dotted::Member),
    ("WSGI_APPLICATION", Dotted::Member),
    ("context_processors", Dotted::Member),
    ("handler400", Dotted::Member),
    ("handler403", Dotted::Member),
    ("handler404", Dotted::Member),
    ("handler500", Dotted::Member),
];
/// The variable of the environment that names the module of the settings.
pub const SETTINGS_MODULE: &str = "DJANGO_SETTINGS_MODULE";
/// Class of a migration, as it is imported.
pub const MIGRATION: &str = "django.db.migrations.Migration";
/// Labels of Django's own applications that have migrations. Sorted.
pub const OWN_LABELS: [&str; 8] =
    ["admin", "auth", "contenttypes", "flatpages", "gis", "redirects", "sessions", "sites"];

/// The row of a setting whose strings are imported.
#[must_use]
pub fn imported(setting: &str) -> Option<(&'static str, Dotted)> {
    IMPORTED.binary_search_by_key(&setting, |row| row.0).ok().map(|at| IMPORTED[at])
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
