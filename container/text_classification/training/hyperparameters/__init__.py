"""What a job is asked for: the hyperparameters that a client sent, as its recipe understands them.

``parse.py`` reads them, ``combination_checks.py`` refuses what does not go together and warns of
what does nothing, ``job_search_space.py`` says what tuning searches. The fields are declared in
``contract/hyperparameters``, the recipes in ``cnn/architectures``.

- **Who names no recipe gets the most accurate one**: ``default_recipe.py`` takes wide, which on no
  data set was behind kim, and kim where n-grams are not wanted. Nobody should have to read a list
  before the first model is as good as it can be.
"""
