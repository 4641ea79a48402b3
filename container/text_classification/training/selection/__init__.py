"""Decide which model a job leaves: trained once, after cross-validation, or after a study."""
