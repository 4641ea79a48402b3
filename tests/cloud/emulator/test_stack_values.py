"""Parameters, conditions, rules and functions of templates have the service's meaning."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.stacks import Stacks, given
from tests.support.emulated import Client
from textcnn.emulator.stacks.intrinsics import Values
from textcnn.emulator.stacks.return_values import ReturnValues
from textcnn.emulator.stacks.template import order, read_template

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "values"}}
TEMPLATE = """
Parameters:
  Word: {Type: String, Default: text}
  Count: {Type: Number, Default: 3}
  List: {Type: CommaDelimitedList, Default: "a, b"}
Mappings:
  Sizes: {small: {mb: 1024}}
Conditions:
  IsText: !Equals [!Ref Word, text]
  IsThree: !Equals [!Ref Count, 3]
  Both: !And [!Condition IsText, !Condition IsThree]
  Neither: !Not [!Or [!Condition IsText, !Condition IsThree]]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Other:
    Type: AWS::S3::Bucket
    Condition: Neither
"""


@pytest.fixture(scope="module")
def stacks(client: Client) -> Stacks:
    return Stacks(client)


@pytest.fixture
def values() -> Values:
    parameters = {"Word": "text", "Count": "3", "List": "a, b"}
    pseudo = {"AWS::Region": "eu-west-1", "AWS::AccountId": "123456789012"}
    return_values = {"Bucket": ReturnValues("name", {"Arn": "arn:aws:s3:::name"})}
    return Values(read_template(TEMPLATE), parameters, pseudo, return_values)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref Count", "3"),
        ("!Ref List", ["a", "b"]),
        ("!Ref Bucket", "name"),
        ("!GetAtt Bucket.Arn", "arn:aws:s3:::name"),
        ("!Sub '${Word}-${Bucket.Arn}-${!Kept}'", "text-arn:aws:s3:::name-${Kept}"),
        ("!Sub ['${Own}-${AWS::Region}', {Own: !Ref Word}]", "text-eu-west-1"),
        ("!Join ['-', [a, !Ref Word]]", "a-text"),
        ("!Select [1, !Ref List]", "b"),
        ("!Split [':', 'a:b']", ["a", "b"]),
        ("!FindInMap [Sizes, small, mb]", 1024),
        ("!If [Both, yes-it-is, no-it-is-not]", "yes-it-is"),
        ("[1, !If [Neither, 2, !Ref AWS::NoValue]]", [1]),
        ("{a: !Ref AWS::NoValue, b: 1}", {"b": 1}),
        ("{Condition: {Bool: {x: 'true'}}}", {"Condition": {"Bool": {"x": "true"}}}),
        ("2012-10-17", "2012-10-17"),
    ],
)
def test_functions(values: Values, written: str, meant: Any) -> None:
    """Each function gives what the service gives, in its short form."""
    body = f"Resources: {{A: {{Type: 'AWS::S3::Bucket'}}}}\nMetadata: {{x: {written}}}"
    assert values.of(read_template(body).section("Metadata")["x"]) == meant


def test_a_resource_comes_after_what_it_names() -> None:
    """Ref, Sub, GetAtt and DependsOn all count."""
    body = """
Resources:
  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B}'}}
  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !GetAtt C.Arn}}
  C: {Type: 'AWS::S3::Bucket', DependsOn: [D]}
  D: {Type: 'AWS::S3::Bucket'}
"""
    template = read_template(body)
    assert order(template, list(template.resources)) == ["D", "C", "B", "A"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Resources: [", "YAML not well-formed"),
        ("just words", "unsupported structure"),
        ("Resources: {}", "At least one Resources member must be defined"),
        ("Resource: {}", r"Invalid template property or properties \[Resource\]"),
        ("Resources: {A: {Properties: {}}}", "must contain a Type member"),
        (
            "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref B}}}",
            r"Unresolved resource dependencies \[B\] in the Resources block",
        ),
        (
            "Resources: {A: {Type: 'AWS::S3::Bucket', DependsOn: A}}",
            "Circular dependency between resources",
        ),
        ("Resources: {A: {Type: 'AWS::S3::Bucket', Metadat: 1}}", "Metadat"),
        (
            "{Resources: {A: {Type: 'AWS::S3::Bucket'}}, Outputs: {B: {Description: a}}}",
            "must contain a Value object",
        ),
        (
            "{Resources: {A: {Type: 'AWS::S3::Bucket'}}, Outputs: {B: {Value: a, Export: b}}}",
            "does not know Export of outputs",
        ),
    ],
)
def test_a_wrong_template_is_told(stacks: Stacks, body: str, words: str) -> None:
    """ValidateTemplate and CreateStack say what is wrong before anything is made."""
    with pytest.raises(ClientError, match=words):
        stacks.formation.validate_template(TemplateBody=body)
    with pytest.raises(ClientError, match=words):
        stacks.create("wrong", body)


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", r"AllowedValues \[a, b\]"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A", r"must match pattern \[a-z\]\+"),
        (
            {"Type": "String", "AllowedPattern": "a", "ConstraintDescription": "an a"},
            "b",
            "failed to satisfy constraint: an a",
        ),
        ({"Type": "String", "MaxLength": 2}, "abc", "must contain at most 2 characters"),
        ({"Type": "Number"}, "three", "Parameter 'P' must be a number"),
        ({"Type": "Number", "MinValue": 2}, "1", "must be a number not less than 2"),
        ({"Type": "AWS::SSM::Parameter::Name"}, "x", "Unrecognized parameter type"),
    ],
)
def test_a_wrong_parameter_is_told(
    stacks: Stacks, parameter: dict[str, Any], value: str, words: str
) -> None:
    """The template's constraints hold, in the service's words."""
    body = json.dumps({"Parameters": {"P": parameter}, "Resources": {"A": BUCKET}})
    with pytest.raises(ClientError, match=words):
        stacks.create("wrong", body, Parameters={"P": value})


def test_parameters_are_given_all_and_no_others(stacks: Stacks) -> None:
    """Missing and unknown ones are named."""
    body = json.dumps({"Parameters": {"P": {"Type": "String"}}, "Resources": {"A": BUCKET}})
    with pytest.raises(ClientError, match=r"Parameters: \[P\] must have values"):
        stacks.create("wrong", body)
    with pytest.raises(ClientError, match=r"Parameters: \[Q\] do not exist in the template"):
        stacks.create("wrong", body, Parameters={"P": "a", "Q": "b"})


def test_a_secret_parameter_is_hidden(stacks: Stacks) -> None:
    """DescribeStacks shows stars where the template says NoEcho."""
    parameters = {"P": {"Type": "String", "NoEcho": True}}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "secretive"}}
    body = json.dumps({"Parameters": parameters, "Resources": {"A": bucket}})
    stacks.create("secretive", body, Parameters={"P": "secret"})
    shown = stacks.find("secretive")["Parameters"]
    assert shown == [{"ParameterKey": "P", "ParameterValue": "****"}]


def test_rules_are_asserted(stacks: Stacks) -> None:
    """A rule that does not hold stops the stack, with its own description."""
    rule = {
        "RuleCondition": {"Fn::Equals": [{"Ref": "P"}, "a"]},
        "Assertions": [
            {
                "Assert": {"Fn::Contains": [["x", "y"], {"Ref": "Q"}]},
                "AssertDescription": "a goes with x or y",
            }
        ],
    }
    text = {"Type": "String"}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ruled"}}
    body = json.dumps(
        {
            "Parameters": {"P": text, "Q": text},
            "Rules": {"Rule": rule},
            "Resources": {"A": bucket},
        }
    )
    with pytest.raises(ClientError, match="a goes with x or y"):
        stacks.create("ruled", body, Parameters={"P": "a", "Q": "z"})
    stacks.create("ruled", body, Parameters={"P": "b", "Q": "z"})


def test_a_template_is_summed_up(stacks: Stacks) -> None:
    """Its parameters with their constraints, and the template of a stack as it was given."""
    summary = stacks.formation.get_template_summary(TemplateBody=TEMPLATE)
    found = {each["ParameterKey"]: each.get("DefaultValue") for each in summary["Parameters"]}
    assert found == {"Word": "text", "Count": "3", "List": "a, b"}
    assert summary["ResourceTypes"] == ["AWS::S3::Bucket"]
    body = TEMPLATE.replace("Type: AWS::S3::Bucket\n  Other", "Type: AWS::S3::Bucket\n  Another")
    stacks.create("summed-up", body, Parameters={"Word": "text"})
    assert stacks.formation.get_template(StackName="summed-up")["TemplateBody"] == body
    with pytest.raises(ClientError, match="must be a number"):
        stacks.formation.create_stack(
            StackName="no", TemplateBody=body, Parameters=given({"Count": "x"})
        )
