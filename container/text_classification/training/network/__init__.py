"""Train one model on its parts: engine, epochs, early stopping, checkpoints, held-out answers.

- **A job that goes on from a checkpoint ends with the weights of one that was never killed**: order
  and dropout depend on seed, epoch and step alone.
- **Early stopping** counts epochs in which neither accuracy nor loss reached a new best, and
  keeps the weights with the best accuracy: on small data the loss falls for epochs before the
  accuracy moves.
- **No document is answered twice**: the answers of the best epoch's validation calibrate and judge
  the model. Checkpoints hold them too.
- **Words that training lacks keep their pretrained vectors** where the documents held out are
  answered better so. Training is the same with and without: the rows are added to what it left.
- **Large parts are judged by a sample**, drawn by the seed (``training/inputs/sample.py``): what
  more answers would tell of a model is less than what they cost.
"""
