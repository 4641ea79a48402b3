"""Text classification on Amazon SageMaker from a terminal: train, deploy, ask, and take down."""
