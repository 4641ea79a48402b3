"""Check any image against SageMaker's container contract: training and hosting, with docker.

``rules/`` holds the rules, a module for each part of the contract; ``runs.py`` what they look at.
"""
