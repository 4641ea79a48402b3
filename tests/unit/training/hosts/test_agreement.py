"""What hosts must have in common, on hosts that are threads of this process."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.training.documents import ROWS, documents_of
from tests.unit.training.hosts.groups import on_hosts
from text_classification.contract.settings import Settings
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hosts.agreement import Digest, agree_to_start
from text_classification.training.hosts.group import HostGroup
from text_classification.training.hyperparameters.parse import resolve


def test_images_and_hyperparameters_that_differ_are_named() -> None:
    """With both values; what is the same passes."""

    def start(group: HostGroup) -> str:
        settings, chosen = Settings(), resolve({"epochs": "2"})
        agree_to_start(group, settings, chosen)
        with pytest.raises(ConfigurationError, match=r"same revision: algo-1 has new, algo-2 old"):
            agree_to_start(group, replace(settings, revision=["new", "old"][group.rank]), chosen)
        with pytest.raises(
            ConfigurationError, match=r"same epochs: algo-1 has 2, algo-2 3"
        ) as other:
            agree_to_start(group, settings, resolve({"epochs": str(group.rank + 2)}))
        return other.value.code

    assert on_hosts(2, start) == [Code.HOSTS_DIFFER] * 2


def test_documents_that_differ_are_told(tmp_path: Path) -> None:
    """One word of one document is enough; the same documents are shared."""

    def share(group: HostGroup) -> str:
        chosen, own = resolve({}), str(group.rank)
        other = [*ROWS[:-1], ("bad", f"awful {own}")]
        with pytest.raises(ConfigurationError, match=r"do not have the same documents") as caught:
            documents_of(tmp_path / "other" / own, chosen, other).shared_by(group)
        shared = documents_of(tmp_path / "same" / own, chosen, ROWS).shared_by(group)
        assert shared.hosts is group
        return caught.value.code

    assert on_hosts(2, share) == [Code.HOSTS_DIFFER] * 2


def test_a_digest_keeps_its_parts_apart() -> None:
    """Two texts are not the same as one that holds both."""
    digests = []
    for parts in ([b"ab", b"c"], [b"a", b"bc"], [b"abc"]):
        digest = Digest()
        for part in parts:
            digest.add(part)
        digests.append(str(digest))
    assert len(set(digests)) == 3
