"""Train one model on its parts: engine, epochs, early stopping, checkpoints, held-out answers.

- **A job that goes on from a checkpoint ends with the weights of one that was never killed**: order
  and dropout depend on seed, epoch and step alone.
- **Early stopping** counts epochs in which neither accuracy nor loss reached a new best, and
  keeps the weights with the best accuracy: on small data the loss falls for epochs before the
  accuracy moves.
"""
