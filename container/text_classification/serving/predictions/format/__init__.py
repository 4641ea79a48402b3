"""Agree with a caller on media types and options.

- **Headers are parsed once**: callers repeat them, so what was agreed is remembered.
- **A header's parameters that are no option are passed over**, unless one looks misspelt: media
  types have parameters of their own, and custom attributes may hold anything.
"""
