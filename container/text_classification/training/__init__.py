"""The job: documents in, an artifact out."""
