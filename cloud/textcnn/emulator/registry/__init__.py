"""The model registry: groups of model packages, their versions and approvals."""
