"""Decide which model a job leaves: trained once, after cross-validation, or after a study.

- **After folds one model is trained on everything**, for as many epochs as the folds found best on
  average. The answers out of fold, each by a model that had not seen the document, calibrate it,
  decide on int8 tables and are scored as ``validation``.
- **Processes are spawned**, not forked, since BLAS and TensorFlow have threads. They print no
  metrics: SageMaker would draw one curve through those of all.
- **One process knows the study**: it asks Optuna for trials and hears of each epoch, so SQLite
  has one writer. A trial is drawn by the seed, its number and the trials before it, so a study
  that goes on tries what it would have tried.
- **Trials are cheaper than the model**: one split, at most ``tuning_epochs`` epochs, no
  checkpoints. Validation has chosen among them and flatters the best: metrics.json has the gap to
  the test score.
"""
