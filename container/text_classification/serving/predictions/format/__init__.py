"""Agree with a caller on media types and options."""
