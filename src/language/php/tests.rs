//! What PHP refers to and tells, statement by statement.
