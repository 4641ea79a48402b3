"""Answer requests: wire formats, the loaded model, the supervisor of nginx and gunicorn."""
