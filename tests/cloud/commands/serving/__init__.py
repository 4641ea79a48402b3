"""The commands that serve a model, and take it down."""
