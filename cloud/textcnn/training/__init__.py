"""Training jobs: what goes in, the request, following it, and what comes out.

A job is named by what it is asked (image digest, checksums of the documents, hyperparameters,
machine), so the same command finds the same job and nothing is paid twice. Documents lie in S3
under their checksum, so the input of a job never changes under it.
"""
