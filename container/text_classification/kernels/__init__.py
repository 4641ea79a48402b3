"""The inner loops in C, called on NumPy arrays, each with a NumPy twin of a few lines."""
