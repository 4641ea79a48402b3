"""The whole life of a model on an emulator that runs jobs and endpoints as processes."""

import json
from pathlib import Path

import pytest

from tests.cloud.life import Life, walk
from tests.support.emulated import own_emulator
from tests.support.training import ROOT

pytestmark = pytest.mark.long
# What one life does not come to; the tests of the commands do.
RARE = {
    # rm, where jobs run, versions are kept, or an upload was broken off
    "s3:AbortMultipartUpload",
    "s3:DeleteObjectVersion",
    "sagemaker:StopHyperParameterTuningJob",
    "sagemaker:StopTrainingJob",
    "sagemaker:StopTransformJob",
    # page deploy, where a later version brings other code or headers, or concurrency is reserved
    "cloudfront:UpdateOriginAccessControl",
    "cloudfront:UpdateResponseHeadersPolicy",
    "lambda:DeleteFunctionConcurrency",
    "lambda:PutFunctionConcurrency",
    "lambda:UpdateFunctionCode",
    # setup and deploy, where a role, a tag or an end changes
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "sagemaker:DeleteTags",
    "scheduler:UpdateSchedule",
}
POLICY = ROOT / "cloud/textcnn/policies/operator.json"


def test_the_whole_life(tmp_path: Path) -> None:
    """Upload to removal; the operator's policy allows what it needed, and nothing else."""
    with own_emulator() as emulator:
        needed = walk(Life(emulator, tmp_path))
    statements = json.loads(POLICY.read_text(encoding="utf-8"))["Statement"]
    listed = [statement["Action"] for statement in statements]
    allowed = {action for each in listed for action in ([each] if isinstance(each, str) else each)}
    assert (needed - allowed, allowed - needed) == (set(), RARE)
