//! preflight: finds every reference to a file that the deployed tree will not satisfy.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail"))]

pub mod character;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod exit;
pub mod expr;
pub mod framework;
pub mod index;
pub mod language;
pub mod options;
pub mod path;
pub mod progress;
pub mod project;
pub mod report;
pub mod resolve;
pub mod source;
pub mod tree;
pub mod triage;
