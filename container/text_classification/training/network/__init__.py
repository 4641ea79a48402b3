"""Train one model on its parts: engine, epochs, early stopping, checkpoints, held-out answers."""
