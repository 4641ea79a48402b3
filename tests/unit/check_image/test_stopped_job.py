"""A job that is to be stopped half-way, with a client that is a few lines of shell."""

from pathlib import Path

import pytest

from check_image.engine import Engine
from check_image.outcome import Skipped
from check_image.rules import RULES
from tests.unit.check_image.engine import subject_of

# A job that leaves a model and has always ended already.
ENDED = """#!/bin/sh
case $1:$2 in
    wait:*) echo 0 ;;
    logs:*) printf 'LOG' ;;
    kill:*) exit 1 ;;
    cp:*:/opt/ml/model) mkdir "$3/model" && echo >"$3/model/weights" ;;
esac
"""


@pytest.mark.parametrize("log", ["1\\n2\\n3\\n4\\n5\\n", "one\\n"])
def test_job_that_is_over_before(tmp_path: Path, log: str) -> None:
    """What was not seen is skipped, not passed; whether the log tells when to stop or the clock."""
    client = tmp_path / "client"
    client.write_text(ENDED.replace("LOG", log))
    client.chmod(0o755)
    subject = subject_of(tmp_path)
    subject.engine = Engine(str(client))
    assert "exit code 0" in RULES["training.succeeds"].check(subject)
    with pytest.raises(Skipped, match="over before it could be stopped"):
        RULES["training.stop"].check(subject)
