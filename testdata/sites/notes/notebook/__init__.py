"""A small notebook."""
