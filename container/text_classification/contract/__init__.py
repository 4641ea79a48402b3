"""What SageMaker hands over to a container and what it takes back."""
