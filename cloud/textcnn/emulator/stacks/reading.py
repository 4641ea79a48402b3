"""YAML and JSON with CloudFormation's short forms, such as ``!Ref``, to plain values."""

from typing import Any

import yaml

from textcnn.emulator.stacks.service import ValidationError


class TemplateLoader(yaml.SafeLoader):
    """YAML 1.1 without dates: the service leaves them as they are written."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if name == "Fn::GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


def _text(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    assert isinstance(node, yaml.ScalarNode)  # noqa: S101 - a timestamp is a scalar
    return str(loader.construct_scalar(node))


TemplateLoader.add_multi_constructor("!", _short_form)
TemplateLoader.add_constructor("tag:yaml.org,2002:timestamp", _text)


def read_yaml(body: str) -> dict[str, Any]:
    """Return a template's sections; raises ``ValidationError`` for what is no mapping."""
    try:
        # The loader is a SafeLoader: it makes plain values only.
        sections = yaml.load(body, TemplateLoader)  # noqa: S506
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ValidationError(f"Template format error: YAML not well-formed. ({reason})") from None
    if not isinstance(sections, dict):
        raise ValidationError("Template format error: unsupported structure.")
    return sections
