"""Training jobs: what goes in, the request, following it, and what comes out."""
