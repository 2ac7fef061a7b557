//! WordPress: constants and path functions (developer.wordpress.org reference, "Determining Plugin and Content
//! Directories").

use super::{Framework, Named, Place};

const CORE: Place = Place::Holds("wp-includes/version.php");
const THEME: Place = Place::NearestWith("style.css");

const fn named(name: &'static str, place: Place, suffix: &'static str) -> Named {
    Named { name, place, suffix }
}

/// WordPress.
pub const FRAMEWORK: Framework = Framework {
    name: "wordpress",
    language: "php",
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
        named("get_template_directory()", THEME, ""),
    ],
};
