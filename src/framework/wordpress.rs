//! WordPress: constants and path functions (developer.wordpress.org reference, "Determining Plugin and Content
//! Directories").

use super::{Framework, Function, Gives, Named, Place, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal, Silent};
use crate::language::Want::{Any, File};

const CORE: Place = Place::Holds("wp-includes/version.php");
const THEME: Place = Place::NearestWith("style.css");

const fn named(name: &'static str, place: Place, suffix: &'static str) -> Named {
    Named { name, place, suffix }
}

const fn function(name: &'static str, gives: Gives) -> Function {
    Function { name, gives }
}

/// WordPress.
pub const FRAMEWORK: Framework = Framework {
    name: "wordpress",
    language: "php",
    filled: &["wp-content", "wp-content/mu-plugins", "wp-content/plugins", "wp-content/themes", "wp-content/upgrade"],
    named: &[
        named("ABSPATH", CORE, "/"),
        named("STYLESHEETPATH", THEME, ""),
        named("TEMPLATEPATH", THEME, ""),
        named("WPINC", Place::Text("wp-includes"), ""),
        named("WPMU_PLUGIN_DIR", CORE, "/wp-content/mu-plugins"),
        named("WP_CONTENT_DIR", CORE, "/wp-content"),
        named("WP_LANG_DIR", CORE, "/wp-content/languages"),
        named("WP_PLUGIN_DIR", CORE, "/wp-content/plugins"),
        named("get_stylesheet_directory()", THEME, ""),
        named("get_stylesheet_directory_uri()", THEME, ""),
        named("get_stylesheet_uri()", THEME, "/style.css"),
        named("get_template_directory()", THEME, ""),
        named("get_template_directory_uri()", THEME, ""),
    ],
    functions: &[
        function("get_parent_theme_file_path", Gives::Below("get_template_directory()", 0)),
        function("get_parent_theme_file_uri", Gives::Below("get_template_directory()", 0)),
        function("get_theme_file_path", Gives::Below("get_stylesheet_directory()", 0)),
        function("get_theme_file_uri", Gives::Below("get_stylesheet_directory()", 0)),
        function("plugin_dir_path", Gives::DirectoryOf(0)),
        function("plugin_dir_url", Gives::DirectoryOf(0)),
        function("plugins_url", Gives::Beside { path: 0, file: 1 }),
        function("trailingslashit", Gives::WithSlash(0)),
        function("untrailingslashit", Gives::WithoutSlash(0)),
        function("wp_normalize_path", Gives::Argument(0)),
    ],
    asks: &["is_plugin_active", "is_plugin_active_for_network"],
    calls: &[
        call("get_template_part", 0, "", Role::ThemePart, Silent),
        call("load_template", 0, "", Role::Read(File), Fatal),
        call("register_block_type", 0, "", Role::Read(Any), Broken),
        call("register_block_type_from_metadata", 0, "", Role::Read(Any), Broken),
        call("wp_enqueue_script", 1, "", Role::Read(File), Broken),
        call("wp_enqueue_script_module", 1, "", Role::Read(File), Broken),
        call("wp_enqueue_style", 1, "", Role::Read(File), Broken),
        call("wp_register_script", 1, "", Role::Read(File), Broken),
        call("wp_register_script_module", 1, "", Role::Read(File), Broken),
        call("wp_register_style", 1, "", Role::Read(File), Broken),
    ],
};
