"""Every hyperparameter: one field gives its default, range, meaning, and what it belongs to.

The fields stand in ``documents.py``, ``tokens.py``, ``network.py``, ``training.py``, ``tuning.py``
and ``results.py``; ``schema.py`` puts them together. SageMaker hands over a flat object in which
every value is a string, and each client writes those strings in its own way, so ``strings.py``
decodes them before ``kinds.py`` types them. Names that are none are explained by ``names.py``.

What the recipes make of hyperparameters is above: ``cnn/architectures`` has their defaults, and
``training/hyperparameters`` reads what a client sent.
"""
