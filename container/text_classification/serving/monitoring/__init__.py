"""Tell how the server is: health, metrics and the log of requests."""
