"""Endpoints that serve for real: containers, traffic, updates and what they leave in S3."""
