"""A container that is started without a verb, with a client that is a few lines of shell."""

from pathlib import Path

import pytest

from check_image import limits
from check_image.engine import Engine
from check_image.outcome import Failed
from check_image.rules import RULES
from tests.unit.check_image.engine import subject_of

# The first job succeeds, the second fails, the third, which has no verb, runs on.
CLIENT = """#!/bin/sh
cd "$(dirname "$0")"
case $1:$2 in
    image:*) echo '[{"Config": CONFIGURATION}]' ;;
    wait:*)
        echo >>jobs
        case $(wc -l <jobs) in 1) echo 0 ;; 2) echo 1 ;; *) exec sleep 60 ;; esac ;;
    cp:*:/opt/ml/model) mkdir "$3/model" && echo >"$3/model/weights" ;;
esac
"""


@pytest.mark.parametrize(
    ("configuration", "finding"),
    [
        ('{"Cmd": ["serve"]}', "it still runs after"),
        ('{"Cmd": null, "Entrypoint": []}', "neither an entry point nor a command"),
    ],
)
def test_image_that_does_not_train_without_a_verb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configuration: str, finding: str
) -> None:
    """A server is not waited for as long as for a job; nothing to run is told, not an error."""
    monkeypatch.setattr(limits, "BARE_START_SECONDS", 0.1)
    client = tmp_path / "client"
    client.write_text(CLIENT.replace("CONFIGURATION", configuration))
    client.chmod(0o755)
    subject = subject_of(tmp_path)
    subject.engine, subject.job_seconds = Engine(str(client)), 60
    with pytest.raises(Failed, match=finding):
        RULES["training.bare-start"].check(subject)
