"""Several hosts that train one model, on XGBoost's collective.

- **Features are exchanged, not gradients.** Each host pools a part of the filters for the whole
  batch, and what they found is gathered; all else is computed by every host alike. So the weights
  are those of one host bit for bit, and early stopping, dropout and validation agree by themselves.
- **XGBoost's collective** forms groups without ssh, launcher or privileges and tells of a lost host
  within a moment; of the others that were tried one hung, one summed wrongly and the rest are ten
  times as large. It is behind one class, imported only where there is more than one host.
- **A host says the same at the same point or all end**: versions, hyperparameters and documents are
  compared before training, a fingerprint of the weights in every step. What fails on one host is
  told by all; a stop is heard by all after the same step, since it travels with the features.
- **Folds and trials are done apart**, each by one host as on a single one, while a thread hears of
  stops and failures of the others. Results of folds are given to all; trials meet in a database.
- **The first host by name is alone in writing**: checkpoints, model, metrics and report. Once the
  network is trained the others are done, and it goes on as a single host does.
"""
