"""How good a model is.

- **The temperature is in the weights**: it divides the last layer, so serving, ``model.keras`` and
  attribution give calibrated scores without knowing of it.
- **Not sure is a mark, not a missing label**: an answer below the confidence floor keeps label,
  score and top, and says ``"sure": false``. Who reads the label alone breaks on nothing.
"""
