"""What SageMaker hands over to a container and what it takes back.

- **Settings and options have kinds of their own** (``values.py``) rather than msgspec's types: it
  reads no ``yes``, ``on``, other case or list between commas, and says "Expected `int`, got `str`"
  where a kind says "a whole number from 1 to 65535", so each kind would be a hook beside it.
"""
