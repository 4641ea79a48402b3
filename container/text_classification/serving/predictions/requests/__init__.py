"""From the body of a request to records, piece by piece, for each media type."""
