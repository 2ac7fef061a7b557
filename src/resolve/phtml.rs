//! Templates in PHP: what a controller of Yii 2 renders, and the elements of CakePHP
//! (`yii\base\View::findViewFile`, `Cake\View\View::_getElementFileName`).
//!
//! The framework is proven by the manifest of Composer. Themes, plugins and settings have folders of their own: what
//! ends so anywhere is silence.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::evaluate;
use crate::path;
use crate::reference::{Phtml, Reference};

/// Packages of the two.
const YII: &str = "yiisoft/yii2";
const CAKE: &str = "cakephp/cakephp";

/// Looks a template up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Phtml) -> Resolution {
    let (package, place) = match kind {
        Phtml::Action => (YII, action as fn(&[u8], &[u8]) -> Option<(Vec<u8>, Vec<u8>)>),
        Phtml::Element => (CAKE, element as _),
    };
    if !site.project.uses(package) {
        return Resolution::Dynamic("no framework of that kind is known");
    }
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| {
        let Some(name) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
        let Some((folder, name)) = place(site.path(), name) else {
            return Resolution::Dynamic("a name from elsewhere");
        };
        match site.world.index.ending_in(&name).next() {
            Some(id) => Resolution::Found(id),
            None => Resolution::Missing(vec![Candidate::new(path::join(&folder, &name), Certainty::Likely)]),
        }
    })
}

/// The folder of views, and a template below it: in the folder of the controller, or with a slash in that of views.
fn action(file: &[u8], name: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (home, below) = split(file, b"controllers")?;
    let controller = below.strip_suffix(b"Controller.php")?;
    let whole = match name.strip_prefix(b"/") {
        Some(rest) => rest.to_vec(),
        None => path::join(&identifier(controller), name),
    };
    let plain = !name.starts_with(b"//") && !name.starts_with(b"@");
    normal(whole, plain).map(|whole| (path::join(home, b"views"), whole))
}

/// The folder of templates, and an element in it. What has a dot in front of it is a plugin's.
fn element(file: &[u8], name: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (home, _) = split(file, b"templates")?;
    let plain = !name.contains(&b'.') && !name.starts_with(b"/");
    normal(path::join(b"element", name), plain).map(|whole| (path::join(home, b"templates"), whole))
}

/// A name with its extension, where it stays in its folder.
fn normal(name: Vec<u8>, plain: bool) -> Option<Vec<u8>> {
    let written = path::split_extension(path::name(&name)).1.is_some();
    let name = if written { name } else { [&name[..], b".php"].concat() };
    let same = path::normalize(&name).is_some_and(|normal| normal == name.as_slice());
    (plain && same).then_some(name)
}

/// What stands before and behind the last folder of a name.
fn split<'f>(file: &'f [u8], folder: &[u8]) -> Option<(&'f [u8], &'f [u8])> {
    let above = path::ancestors(path::parent(file)).find(|above| path::name(above) == folder)?;
    Some((path::parent(above), file.get(above.len() + 1..)?))
}

/// `admin/UserProfile` is `admin/user-profile` (`yii\helpers\Inflector::camel2id`).
fn identifier(controller: &[u8]) -> Vec<u8> {
    let mut id = Vec::with_capacity(controller.len() + 4);
    for &byte in controller {
        let inside = id.last().is_some_and(|last| *last != b'/');
        if byte.is_ascii_uppercase() && inside {
            id.push(b'-');
        }
        id.push(byte.to_ascii_lowercase());
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_templates() {
        let shown = |place: Option<(Vec<u8>, Vec<u8>)>| {
            place.map(|(folder, name)| String::from_utf8_lossy(&path::join(&folder, &name)).into_owned())
        };
        let controller = b"modules/shop/controllers/admin/UserProfileController.php";
        assert_eq!(
            shown(action(controller, b"index")).as_deref(),
            Some("modules/shop/views/admin/user-profile/index.php")
        );
        assert_eq!(shown(action(controller, b"/a/b.tpl")).as_deref(), Some("modules/shop/views/a/b.tpl"));
        assert_eq!(shown(action(controller, b"//layouts/main")), None);
        assert_eq!(shown(element(b"templates/Users/a.php", b"x/y")).as_deref(), Some("templates/element/x/y.php"));
        assert_eq!(shown(element(b"templates/a.php", b"Plugin.x")), None);
    }
}
