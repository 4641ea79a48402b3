"""Every hyperparameter: one field gives its default, range, meaning, and what it belongs to.

The fields, by what they say:

- ``documents.py``: columns, how files are read, what is held out
- ``tokens.py``: the tokenizer, the vocabulary, the length of a document
- ``network.py``: the network's shape and dropout
- ``engine_options.py``: what engines read beside it: normalisation, adversarial training, ...
- ``training.py``: the optimizer, batches, epochs, seed and engine; folds, n-grams and refitting
- ``tuning.py``: what a study searches and compares, and where it is kept
- ``results.py``: what is written beside the network

What they are made with:

- ``schema.py``: all of them together, and what is declared of each
- ``declaration.py``: ``hyperparameter()``, which declares a field
- ``kinds.py``: types of values beyond plain numbers and choices
- ``strings.py``: decodes the strings that clients send, each in its own way
- ``names.py``: what an unknown name probably meant
- ``other_toolkits.py``: the names of other toolkits, for ``names.py``

What the recipes make of hyperparameters is above: ``cnn/architectures`` has their defaults, and
``training/hyperparameters`` reads what a client sent.
"""
