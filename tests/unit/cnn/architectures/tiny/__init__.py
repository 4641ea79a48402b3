"""``tiny.v1``: the mean of a document's vectors, and a dense layer. No more than a test needs."""
