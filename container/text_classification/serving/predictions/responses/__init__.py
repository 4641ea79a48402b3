"""From scores to an answer, piece by piece, for each media type."""
