//! Husky: hooks of git for packages of Node (typicode.github.io/husky).

use super::{Framework, NONE};

/// Installing its package makes what the hooks of a tree source.
pub const FRAMEWORK: Framework = Framework { name: "husky", language: "shell", filled: &[".husky/_"], ..NONE };
