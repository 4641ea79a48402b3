"""Tuning: a study of trials, each a model with other hyperparameters."""
