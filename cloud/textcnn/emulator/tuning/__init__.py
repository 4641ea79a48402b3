"""Hyperparameter tuning jobs: training jobs whose hyperparameters Optuna draws."""
