"""The linear model of n-grams that is trained beside a network.

- **On short or few documents no network beats it**, so the recipe ``wide`` adds it to the
  network's logits, each in the share that held-out answers give it. It is trained beside the
  network, since one that has fitted the documents leaves nothing for n-grams to learn.
- **It is three support vector machines** that err on different documents: of all features, and,
  weighted by log-count ratios, of words with pairs and of character n-grams. As linear models they
  sum to one; a word's row holds its character n-grams too, and an unknown word is put together
  from its own.
- **A fourth is of pretrained vectors, where there are some**: it sees the sum of a document's, so
  it comes to a row for each word, and for words that no training document has. Tables, attribution
  and serving take these like all others. Maxima of vectors would be no sum over words.
- **Any number of documents**: n-grams are counted from the ids on disk with room for so many pairs,
  of which the rarest are dropped, and documents become features a block at a time, of which each is
  learned from once. That was a little better on held-out documents than one block of all of them.
- **Of many documents each is learned from once.** Models that are fitted on those that the network
  was trained on give the answers that weigh the shares; the network is trained again, and n-grams
  with it, only where its share is worth that.
"""
