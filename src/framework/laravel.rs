//! Laravel in PHP: path functions and calls that name views (laravel.com "Helpers", "Views", "Blade
//! Templates", "Asset Bundling", "Mix"; inertiajs.com "Responses").

use super::{Framework, Function, Gives, NONE, Named, Place, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal};
use crate::reference::Want::File;

const HOME: Place = Place::NearestWith("artisan");

const fn named(name: &'static str, suffix: &'static str) -> Named {
    Named { name, place: HOME, suffix }
}

const fn below(name: &'static str, place: &'static str) -> Function {
    Function { name, gives: Gives::Below(place, 0) }
}

/// Laravel. What lies in `storage` is made at run time.
pub const FRAMEWORK: Framework = Framework {
    name: "laravel",
    language: "php",
    named: &[
        named("app_path()", "/app"),
        named("base_path()", ""),
        named("config_path()", "/config"),
        named("database_path()", "/database"),
        named("lang_path()", "/lang"),
        named("old_lang_path()", "/resources/lang"),
        named("public_path()", "/public"),
        named("resource_path()", "/resources"),
    ],
    functions: &[
        below("app_path", "app_path()"),
        below("base_path", "base_path()"),
        below("config_path", "config_path()"),
        below("database_path", "database_path()"),
        Function { name: "lang_path", gives: Gives::BelowEither(["old_lang_path()", "lang_path()"], 0) },
        below("public_path", "public_path()"),
        below("resource_path", "resource_path()"),
    ],
    calls: &[
        call("->aliascomponent", 0, "", Role::Components, Fatal),
        call("->anonymouscomponentpath", 0, "", Role::Components, Fatal),
        call("->component", 1, "", Role::Component, Fatal),
        call("->components", 1, "", Role::Components, Fatal),
        call("->loadviewcomponentsas", 0, "", Role::Components, Fatal),
        call("->markdown", 0, "", Role::View, Fatal),
        call("->view", 0, "", Role::View, Fatal),
        call("blade::aliascomponent", 0, "", Role::Components, Fatal),
        call("blade::anonymouscomponentpath", 0, "", Role::Components, Fatal),
        call("blade::component", 0, "", Role::Component, Fatal),
        call("blade::components", 0, "", Role::Components, Fatal),
        call("file::copy", 0, "", Role::Read(File), Fatal),
        call("file::get", 0, "", Role::Read(File), Fatal),
        call("file::requireonce", 0, "", Role::Read(File), Fatal),
        call("inertia", 0, "", Role::Page, Fatal),
        call("inertia::render", 0, "", Role::Page, Fatal),
        call("livewire::component", 0, "", Role::Component, Fatal),
        call("mix", 0, "", Role::Built, Broken),
        call("pdf::loadview", 0, "", Role::View, Fatal),
        call("route::inertia", 1, "", Role::Page, Fatal),
        call("route::view", 1, "", Role::View, Fatal),
        call("view", 0, "", Role::View, Fatal),
        call("view::make", 0, "", Role::View, Fatal),
    ],
    ..NONE
};
