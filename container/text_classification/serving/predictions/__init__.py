"""Answer requests for predictions, from their headers and body to the response.

- **One WSGI application answers all of them.** For a document alone Flask takes longer than the
  model, so it has only the other routes; one function makes the response of every error.
- **An error is answered after the body has been read.** A connection that is closed with
  something unread is reset, and nginx would lose the answer.
- **The time of a request** begins when nginx passes it on, waiting and a second worker included.
  What is behind its deadline is given up at the next piece of the body.
- **Large answers are files** that nginx sends, small ones leave a worker in one piece: so an
  answer that has begun comes to its end, whatever becomes of the worker.
- **Few are computed at a time.** Others wait in turn, and are refused at once (503,
  `Retry-After`) where their turn would come too late; small bodies are answered beside large
  ones, since threads that take turns cost more than the model.
"""
