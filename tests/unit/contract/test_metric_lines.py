"""contract/metric_lines.py."""

import re

import pytest

from text_classification.contract.metric_lines import METRICS, metric_definitions, metric_line

VALUES = {name: 0.5 + number for number, name in enumerate(METRICS)}


@pytest.mark.parametrize("definition", metric_definitions(), ids=lambda each: each["Name"])
def test_definition_finds_its_number_and_no_other(definition: dict[str, str]) -> None:
    """In a line with every metric each expression matches once, with the metric's own value."""
    found = re.findall(definition["Regex"], metric_line("epoch 3", VALUES))
    assert [float(number) for number in found] == [VALUES[definition["Name"]]]


@pytest.mark.parametrize("definition", metric_definitions(), ids=lambda each: each["Name"])
def test_definition_finds_nothing_in_the_lines_of_others(definition: dict[str, str]) -> None:
    """A line without the metric does not match: no name is the end of another."""
    others = {name: value for name, value in VALUES.items() if name != definition["Name"]}
    assert not re.search(definition["Regex"], metric_line("best model", others))


def test_definitions_fit_the_service() -> None:
    """At most 40 of them, one group each, each name once."""
    definitions = metric_definitions()
    assert len({definition["Name"] for definition in definitions}) == len(definitions) <= 40
    assert {re.compile(definition["Regex"]).groups for definition in definitions} == {1}


def test_line_is_plain() -> None:
    """Event first, four decimals, nothing that the service's log mangles."""
    line = metric_line("epoch 12", {"train:loss": 2 / 3, "epoch:seconds": 1234.5})
    assert line == "epoch 12: train_loss=0.6667 epoch_seconds=1234.5000"
