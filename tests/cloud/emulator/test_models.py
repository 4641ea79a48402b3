"""Models and endpoint configurations: what is kept, and what is refused in whose words."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.hosting import IMAGE, Hosting
from tests.cloud.emulator.shapes import assert_complete
from tests.cloud.emulator.test_protocol import code

ARN = "arn:aws:sagemaker:us-east-1:123456789012"
SERVERLESS = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
CAPTURE = {
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://shared-bucket/captured",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}
ASYNCHRONOUS = {"OutputConfig": {"S3OutputPath": "s3://shared-bucket/out"}}


def test_a_model_is_described_as_it_was_asked_for(hosting: Hosting) -> None:
    hosting.model("kept", Environment={"A": "1"})
    described = hosting.sagemaker.describe_model(ModelName="kept")
    assert_complete("sagemaker", "DescribeModel", described)
    assert described["PrimaryContainer"]["Image"] == IMAGE
    assert described["ModelArn"] == f"{ARN}:model/kept"
    listed = hosting.sagemaker.list_models(NameContains="kept")
    assert_complete("sagemaker", "ListModels", listed)
    hosting.sagemaker.delete_model(ModelName="kept")
    with pytest.raises(ClientError, match=f'Could not find model "{ARN}:model/kept"') as error:
        hosting.sagemaker.delete_model(ModelName="kept")
    assert code(error) == "ValidationException"


def test_a_models_name_is_taken_once(hosting: Hosting) -> None:
    hosting.model("twice")
    with pytest.raises(ClientError, match='Cannot create already existing model "arn'):
        hosting.model("twice")


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (
            {
                "PrimaryContainer": {
                    "Image": IMAGE,
                    "ModelDataUrl": "s3://shared-bucket/no/m.tar.gz",
                }
            },
            "Could not find model data at s3://shared-bucket/no/m.tar.gz.",
        ),
        (
            {"PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "https://example.com/m.tar.gz"}},
            "is no S3 URI",
        ),
        ({}, "needs PrimaryContainer or Containers"),
        ({"Containers": [{"Image": IMAGE}, {"Image": IMAGE}]}, "inference pipelines"),
        (
            {
                "PrimaryContainer": {"Image": IMAGE},
                "ExecutionRoleArn": "arn:aws:iam::123456789012:role/nobody",
            },
            "Could not assume role arn:aws:iam::123456789012:role/nobody",
        ),
    ],
)
def test_a_model_that_could_not_be_served_is_refused(
    hosting: Hosting, members: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told):
        hosting.sagemaker.create_model(ModelName="refused", **members)


def test_a_configuration_is_described_as_it_was_asked_for(hosting: Hosting) -> None:
    hosting.model("configured")
    hosting.configuration("kept", "configured", KmsKeyId="key", DataCaptureConfig=CAPTURE)
    described = hosting.sagemaker.describe_endpoint_config(EndpointConfigName="kept")
    assert_complete("sagemaker", "DescribeEndpointConfig", described)
    assert described["KmsKeyId"] == "key"
    assert described["ProductionVariants"][0]["InitialVariantWeight"] == 1.0
    listed = hosting.sagemaker.list_endpoint_configs(NameContains="kept")
    assert_complete("sagemaker", "ListEndpointConfigs", listed)
    with pytest.raises(ClientError, match="Cannot create already existing endpoint configuration"):
        hosting.configuration("kept", "configured")
    hosting.sagemaker.delete_endpoint_config(EndpointConfigName="kept")
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        hosting.sagemaker.describe_endpoint_config(EndpointConfigName="kept")


@pytest.mark.parametrize(
    ("variant", "members", "told"),
    [
        (SERVERLESS, {"DataCaptureConfig": CAPTURE}, "serverless.*DataCaptureConfig"),
        (SERVERLESS, {"AsyncInferenceConfig": ASYNCHRONOUS}, "serverless.*AsyncInference"),
        ({**SERVERLESS, "InstanceType": "ml.m5.large"}, {}, "takes no InstanceType"),
        ({"InstanceType": "ml.m5.large"}, {}, "needs InstanceType and InitialInstanceCount"),
        (
            {"ServerlessConfig": {"MemorySizeInMB": 1500, "MaxConcurrency": 1}},
            {},
            "multiple of 1024",
        ),
        (
            None,
            {"AsyncInferenceConfig": ASYNCHRONOUS, "DataCaptureConfig": CAPTURE},
            "asynchronous.*DataCaptureConfig",
        ),
        (
            None,
            {
                "ShadowProductionVariants": [
                    {
                        "VariantName": "shadow",
                        "ModelName": "ruled",
                        "InstanceType": "ml.m5.large",
                        "InitialInstanceCount": 1,
                    }
                ]
            },
            "does not know the member ShadowProductionVariants",
        ),
    ],
)
def test_members_that_do_not_go_together_are_refused(
    hosting: Hosting, ruled: str, variant: Any, members: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told):
        hosting.configuration("refused", ruled, variant=variant, **members)


def test_a_configuration_needs_its_model(hosting: Hosting) -> None:
    with pytest.raises(ClientError, match=r'Could not find model "arn.*model/nothing"'):
        hosting.configuration("refused", "nothing")


@pytest.fixture(scope="module")
def ruled(hosting: Hosting) -> str:
    """A model that configurations may name."""
    return hosting.model("ruled")
