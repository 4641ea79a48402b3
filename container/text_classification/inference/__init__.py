"""Scores from an artifact, in NumPy alone."""
