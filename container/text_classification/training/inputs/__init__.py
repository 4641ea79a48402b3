"""Read the channels once: labels, split, vocabulary, encoded corpora, what training starts from.

- **Going on from a model** takes its weights as they are served, and its vocabulary in its order,
  with frequent new tokens behind it. N-grams are fitted anew.
- **Pretrained vectors are read as a stream**: the file may be larger than the memory, and only
  vectors of tokens that the documents have are parsed. Tokens without one are drawn with the same
  variance (Kim 2014).
"""
