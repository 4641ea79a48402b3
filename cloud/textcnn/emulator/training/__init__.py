"""Training jobs: containers that run for real, from S3 to S3."""
