"""Monitor the server: health, metrics and the log of requests.

- **nginx tells of requests, the supervisor counts them.** One place sees all workers' requests
  and nginx's own answers, and stays when a worker dies; lines go through a pipe, so one that
  nobody reads costs lines and not requests.
- **Health has a reason.** nginx answers `/ping` while the model is being loaded; the application
  says ready, overloaded or limited, all healthy since the platform would replace the container
  otherwise, or why the model cannot be served.
"""
