"""What hosts must have in common before they train together."""

import hashlib
import platform
from importlib.metadata import version
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

import text_classification
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.kernels.library import library
from text_classification.training.hosts.group import HostGroup

SAME_IMAGE = "Start all hosts with the same image, on instances of one type."
SAME_JOB = "Give all hosts the same hyperparameters, as SageMaker does."
SAME_DATA = "Check the S3 prefix: it must not change while the job starts."


def agree_to_start(group: HostGroup, settings: Settings, hyperparameters: Hyperparameters) -> None:
    """Raise ``ConfigurationError`` where a host would not come to the same numbers."""
    group.agree(_machine_facts(settings), SAME_IMAGE)
    chosen = hyperparameters.model_dump(mode="json", exclude={"study_storage"})  # has a password
    group.agree({name: str(value) for name, value in chosen.items()}, SAME_JOB)


def _machine_facts(settings: Settings) -> dict[str, str]:
    """Return what decides on how numbers are rounded: versions and processor."""
    return {
        "version": text_classification.__version__,
        "revision": settings.revision,
        "Python": platform.python_version(),
        "NumPy": version("numpy"),
        "XGBoost": version("xgboost-cpu"),
        "processor": " ".join([platform.machine(), *sorted(_architectures())]),
        "compiled kernels": "yes" if library() else "no",
    }


class Digest:
    """A digest of arrays and texts, each with its length: what is put together stays apart."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, content: bytes | np.ndarray[Any, Any]) -> None:
        """Take something in."""
        data = np.ascontiguousarray(content).data if isinstance(content, np.ndarray) else content
        self._digest.update(str(len(data)).encode() + b":")
        self._digest.update(data)

    def __str__(self) -> str:
        """Return it in a few characters."""
        return self._digest.hexdigest()[:16]


def _architectures() -> set[str]:
    return {str(each["architecture"]) for each in threadpool_info() if each.get("architecture")}
