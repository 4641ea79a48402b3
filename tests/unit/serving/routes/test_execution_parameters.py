"""serving/routes/execution_parameters.py."""

from typing import Any

import pytest

from text_classification.contract.settings import Settings
from text_classification.serving.routes import execution_parameters as module
from text_classification.serving.routes.execution_parameters import execution_parameters

GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("settings", "limit", "expected"),
    [
        ({"workers": 1}, 4 * GIGABYTE, (1, 100)),
        ({"workers": 2}, 4 * GIGABYTE, (2, 50)),
        ({"workers": 8}, 4 * GIGABYTE, (8, 12)),
        ({"workers": 96}, 64 * GIGABYTE, (96, 1)),
        ({"workers": 200}, 64 * GIGABYTE, (100, 1)),
        ({"workers": 8}, GIGABYTE + (300 << 20), (4, 25)),
        ({"workers": 8}, GIGABYTE // 2, (1, 100)),
        ({"workers": 2, "max_body_mb": 6}, 4 * GIGABYTE, (2, 6)),
        ({"workers": 2, "max_body_mb": 6, "payload_mb": 0}, 4 * GIGABYTE, (2, 50)),
    ],
)
def test_what_fits_is_asked_for(
    settings: dict[str, Any],
    limit: int,
    expected: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request a worker, fewer where memory is short beside a model of a gigabyte."""
    monkeypatch.setattr(module, "memory_limit", lambda: limit)
    monkeypatch.setattr(module, "resident_memory", lambda: GIGABYTE)
    found = execution_parameters(Settings(**settings))
    assert found == {
        "MaxConcurrentTransforms": expected[0],
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": expected[1],
    }
    assert found["MaxConcurrentTransforms"] * found["MaxPayloadInMB"] <= 100
