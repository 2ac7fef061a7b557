//! Names that Rails, Sinatra and Middleman look up among views and assets: `render`, `layout`, `image_tag` and their
//! kin (guides.rubyonrails.org, "Layouts and Rendering in Rails"; api.rubyonrails.org, `AssetTagHelper`).

use tree_sitter::Node;

use super::{Guards, Reader};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;
use crate::language::syntax::url::{self, Role, Written};
use crate::path;
use crate::reference::{Base, Namespace, Rails, Reference, UrlKind, Want};

/// What kind of program or page holds the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) enum Host {
    /// A program whose `render` is another's.
    Program,
    /// It renders templates: a controller or a mailer of Rails.
    Controller {
        /// It inherits from nothing but the application's own.
        plain: bool,
    },
    /// It renders partials: a template, or what is called by one.
    Template,
    /// It names templates by their engine (`erb :index`): an application of Sinatra.
    Sinatra,
}

impl Host {
    /// What a program is, by where it lies and by what it asks for.
    pub fn of_program(path: &[u8], source: &[u8]) -> Self {
        let lies_in = |folder: &[u8]| memchr::memmem::find(path, folder).is_some();
        if lies_in(b"app/controllers/") || lies_in(b"app/mailers/") {
            Host::Controller { plain: memchr::memmem::find(source, b"< ApplicationController\n").is_some() }
        } else if lies_in(b"app/helpers/") || lies_in(b"app/views/") {
            Host::Template
        } else if memchr::memmem::find(source, b"Sinatra::").is_some()
            || memchr::memmem::find(source, b"'sinatra").is_some()
            || memchr::memmem::find(source, b"\"sinatra").is_some()
        {
            Host::Sinatra
        } else {
            Host::Program
        }
    }
}

/// Methods that name an asset, with the folder it mostly lies in, the extension that may be left out, and whether every
/// argument is one.
const ASSETS: [(&[u8], &str, &str, bool); 16] = [
    (b"asset_path", "", "", false),
    (b"asset_url", "", "", false),
    (b"audio_tag", "audios", "", false),
    (b"favicon_link_tag", "images", "", false),
    (b"font_path", "fonts", "", false),
    (b"font_url", "fonts", "", false),
    (b"image_path", "images", "", false),
    (b"image_tag", "images", "", false),
    (b"image_url", "images", "", false),
    (b"inline_svg", "images", "", false),
    (b"inline_svg_tag", "images", "", false),
    (b"javascript_include_tag", "javascripts", "js", true),
    (b"javascript_path", "javascripts", "js", false),
    (b"stylesheet_link_tag", "stylesheets", "css", true),
    (b"stylesheet_path", "stylesheets", "css", false),
    (b"video_tag", "videos", "", false),
];
/// Methods of Sinatra that are called as the engine is.
const ENGINES: [&[u8]; 7] = [b"builder", b"erb", b"haml", b"liquid", b"markdown", b"sass", b"slim"];
/// Deepest choice of names that is followed.
const MAX_CHOICE: usize = 4;

impl<'t> Reader<'t, '_> {
    /// Takes down what a call names; whether it is one that does.
    pub(super) fn viewed(&mut self, method: &[u8], arguments: &[Node<'t>], guards: Guards) -> bool {
        match (self.host, method) {
            (Host::Program, _) => return false,
            (Host::Controller { .. } | Host::Template, b"render" | b"render_to_string") => {
                self.rendered(arguments, guards)
            }
            (Host::Controller { .. }, b"layout") => {
                if let Some(name) = arguments.first().filter(|name| name.kind() == "string") {
                    self.view(*name, "layout", Rails::Layout, guards);
                }
            }
            (Host::Template, b"partial") => {
                if let Some(name) = arguments.first() {
                    self.view(*name, "partial", Rails::Part, guards);
                }
            }
            (Host::Sinatra, engine) if ENGINES.contains(&engine) => {
                if let Some(name) = arguments.first().filter(|name| name.kind() == "simple_symbol") {
                    self.view(*name, "template", Rails::Template, guards);
                }
            }
            _ => return self.asset(method, arguments, guards),
        }
        true
    }

    /// `render 'a/b'`, `render partial: 'a'`, `render :edit`.
    fn rendered(&mut self, arguments: &[Node<'t>], guards: Guards) {
        let in_template = self.host == Host::Template;
        let template = match self.host {
            Host::Controller { plain: true } => Rails::Action,
            _ => Rails::Template,
        };
        match arguments.first() {
            Some(name) if in_template && name.kind() != "simple_symbol" => {
                self.view(*name, "render", Rails::Partial, guards);
            }
            Some(name) if !in_template => self.view(*name, "render", template, guards),
            _ => {}
        }
        for pair in arguments.iter().filter(|argument| argument.kind() == "pair") {
            let Some((key, value)) = self.pair(*pair) else { continue };
            match key {
                b"partial" => self.view(value, "render partial", Rails::Partial, guards),
                b"template" | b"action" => self.view(value, "render template", template, guards),
                b"layout" if !in_template => self.view(value, "render layout", Rails::Layout, guards),
                _ => {}
            }
        }
    }

    /// `src: '/a.png'`: an attribute of a tag.
    pub(super) fn attribute(&mut self, pair: Node<'t>) {
        let Some((key, value)) = self.pair(pair) else { return };
        let (kind, construct) = match key {
            b"src" | b"poster" => (UrlKind::Asset, "src"),
            b"href" => (UrlKind::Navigation, "href"),
            _ => return,
        };
        let lowered = self.lowering.path(value);
        if lowered.expr.as_literal().is_none() || lowered.tail != lowered.span {
            return;
        }
        let (start, end) = (lowered.span.start as usize, lowered.span.end as usize);
        let source = self.lowering.source;
        if let Some(mut reference) = Written::at(source, source, start, end, 0).reference(Role::broken(construct, kind))
        {
            url::unknown_base(&mut reference);
            self.scan.references.push(reference);
        }
    }

    /// `pin 'x', to: 'x.js'`, `pin_all_from 'app/javascript/x'` (github.com/rails/importmap-rails): what is pinned may
    /// be a package's, and a folder that is not there holds nothing.
    pub(super) fn pinned(&mut self, method: &[u8], arguments: &[Node<'t>]) {
        let before = self.scan.references.len();
        if method == b"pin" {
            let to = arguments.iter().filter_map(|pair| self.pair(*pair)).find(|(key, _)| *key == b"to");
            if let Some((_, name)) = to.filter(|(_, name)| name.kind() == "string") {
                self.view(name, "pin", Rails::Asset { folder: "", extension: "" }, Guards::default());
            }
        } else if let Some(folder) = arguments.first().filter(|folder| folder.kind() == "string") {
            let mut lowered = self.lowering.path(*folder);
            lowered.expr = PathExpr::here_up(1).join(lowered.expr);
            let namespace = Namespace::Path(&[Base::FileDirectory], Want::Directory);
            self.push(lowered, "pin_all_from", namespace, false);
        }
        self.scan.references.iter_mut().skip(before).for_each(|one| one.strength = Strength::Silent);
    }

    /// `to: 'users#index'` of a file of routes (guides.rubyonrails.org, "Rails Routing from the Outside In").
    pub(super) fn routed(&mut self, pair: Node<'t>) {
        let routes =
            path::ends_in(self.path, b"config/routes.rb") || path::ends_in(path::parent(self.path), b"config/routes");
        let Some((b"to", value)) = self.pair(pair).filter(|(_, value)| routes && value.kind() == "string") else {
            return;
        };
        let lowered = self.lowering.path(value);
        let whole = lowered.expr.as_literal().filter(|text| text.len() as u32 == lowered.span.end - lowered.span.start);
        let Some(at) = whole.and_then(|text| memchr::memchr(b'#', text)) else { return };
        let start = lowered.span.start as usize;
        let span = Span::new(start, start + at);
        let name = span.of(self.lowering.source);
        if !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_/".contains(byte)) {
            let namespace = Namespace::Rails(Rails::Controller);
            self.scan.references.push(Reference::literal(span, name, "to", namespace, Strength::Broken));
        }
    }

    /// The key of a pair without its colon, and the value.
    pub(super) fn pair(&self, pair: Node<'t>) -> Option<(&[u8], Node<'t>)> {
        let key = self.lowering.text(pair.child_by_field_name("key")?);
        let key = key.strip_prefix(b":").unwrap_or(key);
        Some((key, pair.child_by_field_name("value")?))
    }

    fn asset(&mut self, method: &[u8], arguments: &[Node<'t>], guards: Guards) -> bool {
        let Some((_, folder, extension, all)) = ASSETS.iter().find(|row| row.0 == method) else { return false };
        if !matches!(self.host, Host::Template | Host::Controller { .. }) {
            return false;
        }
        let names = arguments.iter().take(if *all { usize::MAX } else { 1 });
        for name in names.filter(|name| name.kind() == "string") {
            self.view(*name, "asset", Rails::Asset { folder, extension }, guards);
        }
        true
    }

    /// A name, or each of those that it is chosen from.
    fn view(&mut self, name: Node<'t>, construct: &'static str, kind: Rails, guards: Guards) {
        let mut choices = vec![(name, 0)];
        while let Some((name, depth)) = choices.pop() {
            match name.kind() {
                "conditional" if depth < MAX_CHOICE => {
                    let sides = ["consequence", "alternative"].map(|side| name.child_by_field_name(side));
                    choices.extend(sides.into_iter().flatten().map(|side| (side, depth + 1)));
                }
                "string" | "simple_symbol" => self.named_view(name, construct, kind, guards),
                _ => {}
            }
        }
    }

    fn named_view(&mut self, name: Node<'t>, construct: &'static str, kind: Rails, guards: Guards) {
        let lowered = self.lowering.spelled(name);
        let text = lowered.expr.as_literal().unwrap_or_default();
        let public = matches!(kind, Rails::Asset { .. }) && text.starts_with(b"/");
        if matches!(kind, Rails::Template | Rails::Action) && text.starts_with(b"/") || text.starts_with(b"//") {
            return;
        }
        let namespace = if public { Namespace::Url(UrlKind::Asset) } else { Namespace::Rails(kind) };
        let before = self.scan.references.len();
        self.push(lowered, construct, namespace, guards.read);
        if matches!(kind, Rails::Asset { .. }) {
            self.scan.references.iter_mut().skip(before).for_each(|one| one.strength = Strength::Broken);
        }
    }
}
