"""Documents in: readers, tokens, vocabulary, the encoded corpus, splits.

What was decided here:

- Text stays bytes. A tokenizer gives UTF-8 with spaces between tokens; training cuts it with
  ``split``, serving looks its tokens up in C, in arrays that forked workers share.
- A tokenizer has a version, which the artifact records, and a version never changes what it makes
  of a text. A better one is a new version beside it, and models of before are served as they were.
- Text is cut in normal form (NFC, without invisible characters), so what looks the same is the same
  token. Scripts without spaces are cut by their letters, without a dictionary: those are large, of
  one language each, and a convolution puts the pieces together.
- Every large file of every channel, and of small ones about a thousand, are looked at before any is
  read whole. That costs one row a file, and a mistake in the last channel is told in a moment.
"""
