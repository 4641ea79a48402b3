"""A container's variables, written into the template.

CloudFormation has no parameter that holds a map, so the template is read as nodes, which keep its
short functions (``!Ref``), and written again with the variables in their place.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PLACE = ("Resources", "Model", "Properties", "PrimaryContainer", "Environment")


def with_environment(template: str, variables: Mapping[str, str]) -> str:
    """Return the template with these variables instead of its own."""
    root: Any = yaml.compose(template, Loader=yaml.SafeLoader)
    parent = root
    for name in PLACE[:-1]:
        parent = _member(parent, name)
    kept = [pair for pair in parent.value if pair[0].value != PLACE[-1]]
    parent.value = [*kept, (_text(PLACE[-1]), _mapping(variables))]
    written: str = yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True)
    return written


def write_template(template: Path, variables: Mapping[str, str], folder: Path) -> Path:
    """Write a template with these variables into a folder and return its path."""
    file = folder / template.name
    content = with_environment(template.read_text(encoding="utf-8"), variables)
    file.write_text(content, encoding="utf-8")
    return file


def _member(node: yaml.MappingNode, name: str) -> yaml.MappingNode:
    found: yaml.MappingNode = next(value for key, value in node.value if key.value == name)
    return found


def _mapping(variables: Mapping[str, str]) -> yaml.MappingNode:
    pairs = [(_text(name), _text(value)) for name, value in variables.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs)


def _text(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)
