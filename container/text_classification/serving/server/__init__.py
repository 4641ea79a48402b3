"""Start and supervise the processes of a server: nginx, gunicorn and its workers."""
