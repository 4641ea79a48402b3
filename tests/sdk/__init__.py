"""The sagemaker SDK, which has an environment of its own: the programs here run in it."""
