"""Documents in: readers, tokens, vocabulary, the encoded corpus, splits."""
