"""Check any image against SageMaker's container contract: training and hosting, with docker.

``rules/`` holds the rules, a module for each part of the contract: a rule is a function that
returns evidence or raises. ``runs.py`` runs once the job and the server that many rules look at.
What a run must bear is tried in one run, and condition by condition only if that fails. Files
travel by volumes, so the caller can read and remove them whatever user the container ran as.
"""
