"""The models that answer: one that is loaded at the start, or many that are loaded on request.

- **A model of many is a file** of the server's private folder, which every worker maps: its
  arrays are in memory once. It is loaded as long as its file is there, so workers agree without
  talking.
- **Pickle with the arrays left out** (PEP 574) writes it, which knows every architecture; only
  the server writes such files, and an artifact holds none.
"""
