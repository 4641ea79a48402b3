"""The architectures, each a folder with the same files.

==========================  =====================================================================
``configuration.py``        ``CONFIGURATION``, the class: the numbers that fix a model's shape
``keras_definition.py``     ``build``: the model in Keras, against which all else is held
``network.py``              ``create_network``: a trained model as it is served, without Keras
``recipe.py``               ``RECIPES``, and ``hyperparameters_of`` a model's shape
==========================  =====================================================================

Where the configuration says that an architecture can do more, there is more: ``fast_engine.py``
(``ENGINE``), ``ensemble.py`` (``create_ensemble``), ``int8_scales`` in ``network.py``.

The folders are named in ``registry.py`` and their files are imported by name when they are needed:
serving never needs those that import Keras or pydantic. The rules of import-linter hold each file
to what it may import, and a test holds each folder to the table above.
"""
