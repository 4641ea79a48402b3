"""Train a convolutional text classifier on Amazon SageMaker and serve it."""

__version__ = "0.1.0"
