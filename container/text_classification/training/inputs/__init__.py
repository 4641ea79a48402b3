"""Read the channels once: labels, split, vocabulary, encoded corpora, what training starts from."""
