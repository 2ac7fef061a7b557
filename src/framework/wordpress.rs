//! WordPress: constants and path functions (developer.wordpress.org reference, "Determining Plugin and Content
//! Directories").

use super::{Framework, Function, Gives, Named, Place, Role, call};
use crate::diagnostic::Strength::{Broken, Fatal, Optional, Silent};
use crate::reference::Want::{Any, Directory, File};

const CORE: Place = Place::Holds("wp-includes/version.php");
const THEME: Place = Place::Theme;
const PARENT: Place = Place::ParentTheme;

/// The theme in use, then the one that it is a child of.
pub const THEMES: [&str; 2] = ["get_stylesheet_directory()", "get_template_directory()"];
/// What is told about a site by these words that is a place.
const ABOUT: &[(&str, &str)] = &[
    ("stylesheet_directory", "get_stylesheet_directory()"),
    ("stylesheet_url", "get_stylesheet_uri()"),
    ("template_directory", "get_template_directory()"),
    ("template_url", "get_template_directory()"),
];

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
        named("TEMPLATEPATH", PARENT, ""),
        named("WPINC", Place::Text("wp-includes"), ""),
        named("WPMU_PLUGIN_DIR", CORE, "/wp-content/mu-plugins"),
        named("WP_CONTENT_DIR", CORE, "/wp-content"),
        named("WP_LANG_DIR", CORE, "/wp-content/languages"),
        named("WP_PLUGIN_DIR", CORE, "/wp-content/plugins"),
        named("get_stylesheet_directory()", THEME, ""),
        named("get_stylesheet_directory_uri()", THEME, ""),
        named("get_stylesheet_uri()", THEME, "/style.css"),
        named("get_template_directory()", PARENT, ""),
        named("get_template_directory_uri()", PARENT, ""),
    ],
    functions: &[
        function("bloginfo", Gives::Keyed(0, ABOUT)),
        function("esc_attr", Gives::Argument(0)),
        function("esc_url", Gives::Argument(0)),
        function("get_bloginfo", Gives::Keyed(0, ABOUT)),
        function("get_parent_theme_file_path", Gives::Below("get_template_directory()", 0)),
        function("get_parent_theme_file_uri", Gives::Below("get_template_directory()", 0)),
        function("get_theme_file_path", Gives::BelowEither(THEMES, 0)),
        function("get_theme_file_uri", Gives::BelowEither(THEMES, 0)),
        function("plugin_dir_path", Gives::DirectoryOf(0)),
        function("plugin_dir_url", Gives::DirectoryOf(0)),
        function("plugins_url", Gives::Beside { path: 0, file: 1 }),
        function("trailingslashit", Gives::WithSlash(0)),
        function("untrailingslashit", Gives::WithoutSlash(0)),
        function("wp_normalize_path", Gives::Argument(0)),
    ],
    asks: &["is_plugin_active", "is_plugin_active_for_network"],
    calls: &[
        call("add_editor_style", 0, "", Role::ThemeFile(""), Silent),
        call("comments_template", 0, "", Role::ThemeFile(""), Silent),
        call("get_footer", 0, "", Role::ThemeFile("footer"), Silent),
        call("get_header", 0, "", Role::ThemeFile("header"), Silent),
        call("get_sidebar", 0, "", Role::ThemeFile("sidebar"), Silent),
        call("get_template_part", 0, "", Role::ThemePart, Silent),
        call("load_child_theme_textdomain", 1, "", Role::Read(Directory), Optional),
        call("load_template", 0, "", Role::Read(File), Fatal),
        call("load_theme_textdomain", 1, "", Role::Read(Directory), Optional),
        call("locate_template", 0, "", Role::ThemeFile(""), Silent),
        call("register_block_type", 0, "", Role::Read(Any), Broken),
        call("register_block_type_from_metadata", 0, "", Role::Read(Any), Broken),
        call("wp_enqueue_script", 1, "", Role::Load, Broken),
        call("wp_enqueue_script_module", 1, "", Role::Load, Broken),
        call("wp_enqueue_style", 1, "", Role::Load, Broken),
        call("wp_register_script", 1, "", Role::Load, Broken),
        call("wp_register_script_module", 1, "", Role::Load, Broken),
        call("wp_register_style", 1, "", Role::Load, Broken),
    ],
};
