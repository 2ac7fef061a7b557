//! Rails: where its application lies (guides.rubyonrails.org "Configuring Rails Applications").

use super::{Framework, NONE, Named, Place};

/// An application is what holds `config/application.rb`.
pub const FRAMEWORK: Framework = Framework {
    name: "rails",
    language: "ruby",
    named: &[
        Named { name: "Rails.public_path", place: Place::NearestWith("config/application.rb"), suffix: "/public" },
        Named { name: "Rails.root", place: Place::NearestWith("config/application.rb"), suffix: "" },
    ],
    ..NONE
};
