"""Batch transform: objects of S3 through a container of a model, and the answers to S3."""
