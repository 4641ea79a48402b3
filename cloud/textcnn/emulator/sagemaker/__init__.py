"""SageMaker's operations, a module for each kind of resource; importing them registers them."""

from textcnn.emulator.sagemaker import (
    endpoint_configs,
    endpoints,
    model_packages,
    models,
    tagging,
    training_jobs,
    transform_jobs,
    tuning_jobs,
)
from textcnn.emulator.sagemaker.service import sagemaker as OPERATIONS  # noqa: N812 - a constant

__all__ = [
    "OPERATIONS",
    "endpoint_configs",
    "endpoints",
    "model_packages",
    "models",
    "tagging",
    "training_jobs",
    "transform_jobs",
    "tuning_jobs",
]
