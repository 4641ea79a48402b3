"""What a job is asked for: the hyperparameters that a client sent, as its recipe understands them.

``parse.py`` reads them, ``combination_checks.py`` refuses what does not go together,
``job_search_space.py`` says what tuning searches. The fields are declared in
``contract/hyperparameters``, the recipes in ``cnn/architectures``.
"""
