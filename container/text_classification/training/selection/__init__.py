"""Decide which model a job leaves: trained once, after cross-validation, or after a study.

- **After folds one model is trained on everything**, for as many epochs as the folds found best on
  average. The answers out of fold, each by a model that had not seen the document, calibrate it,
  decide on int8 tables and are scored as ``validation``.
- **Processes are spawned**, not forked, since BLAS and TensorFlow have threads. They print no
  metrics: SageMaker would draw one curve through those of all.
- **As many threads compute as there are processors**: a process a task, up to one a processor, and
  the processors are shared out among those that work, so five folds on 64 have 13 or 12 each and
  the last one running has all. The engine ``fast`` looks its share up before each step, since its
  weights do not depend on it; TensorFlow keeps the share that it began with.
- **One process knows the study**: it asks Optuna for trials and hears of each epoch, so SQLite
  has one writer. A trial is drawn by the seed, its number and the trials before it, so a study
  that goes on tries what it would have tried.
- **Trials are cheaper than the model**: one split, at most ``tuning_epochs`` epochs, no
  checkpoints. Validation has chosen among them and flatters the best: metrics.json has the gap to
  the test score.
"""
