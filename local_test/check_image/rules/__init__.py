"""The rules, each in the module of its part of the contract; to import this registers them all."""

from importlib import import_module

from check_image.rule import RULES

__all__ = ["RULES"]

# In the order in which they are told.
MODULES = (
    "image",
    "training",
    "job_conditions",
    "failed_job",
    "stopped_job",
    "health",
    "requests",
    "mistakes",
    "batch",
    "broken_models",
    "server_conditions",
    "stopped_server",
    "lost_workers",
    "multi_model",
)
for module in MODULES:
    import_module(f"{__name__}.{module}")
