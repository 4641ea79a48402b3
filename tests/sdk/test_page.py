"""docs/sagemaker_sdk.md: its calls are those of the pinned SDK."""

from tests.sdk.conftest import Journey
from tests.support.training import ROOT


def test_page_calls_what_there_is(journey: Journey) -> None:
    """No call on the page has an argument that the SDK does not know."""
    seen = journey("page.py", str(ROOT / "docs/sagemaker_sdk.md"))
    assert {"ModelTrainer", "trainer.train", "builder.deploy", "endpoint.invoke"} <= set(
        seen["calls"]
    )
    assert seen["unknown"] == []
