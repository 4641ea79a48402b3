"""Start and supervise the processes of a server: nginx, gunicorn and its workers.

- **Processes are forked before there are threads**: gunicorn from the supervisor, which stays
  small, and the workers from gunicorn, once the model and its tables are loaded. So nothing is
  imported twice and the workers share the model.
- **nginx takes the wire upon itself.** It reads a request whole before a worker hears of it, so
  slow clients cost a connection each; it passes on only the headers that are read, keeps
  connections for small bodies, and runs as the user of all else, since its workers must reach a
  private socket.
- **gthread workers**, one process a processor. It has more threads than it holds requests, and
  nginx keeps a flood from it, so `/ping` is answered however much there is to compute.
- **A killed worker's requests go to another**, once: predictions may be asked for again, and
  nginx has the whole body. Who loses two workers may be the cause, and is answered 503.
- **Workers are replaced** only if `WORKER_REQUESTS` says so; gunicorn starts the next when the
  one before has ended, so there are two at least then.
"""
