"""From the body of a request to records, piece by piece, for each media type.

- **Records are read and classified some thousands at a time**, so memory is bounded. A large JSON
  body is kept in a file and read twice: first for its options and syntax, then for its list.
"""
