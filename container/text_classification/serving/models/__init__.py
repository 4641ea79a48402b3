"""Multi-model endpoints: any number of models, loaded and unloaded while the server runs."""
