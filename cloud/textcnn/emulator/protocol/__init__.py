"""Requests and answers as the services write them, after botocore's own service models."""
