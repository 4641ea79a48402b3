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
    """Return the template with these variables beside its own, or in their place."""
    root: Any = yaml.compose(template, Loader=yaml.SafeLoader)
    environment = root
    for name in PLACE:
        environment = _member(environment, name)
    kept = [pair for pair in environment.value if pair[0].value not in variables]
    given = [(_text(name), _text(value)) for name, value in variables.items()]
    environment.value = [*kept, *given]
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


def _text(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)
