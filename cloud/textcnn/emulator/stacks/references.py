"""What a template's values name: resources, parameters, pseudo-parameters."""

import re
from collections.abc import Iterator
from typing import Any

PSEUDO_PARAMETERS = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)
# ${Name} or ${Name.Attribute}; ${!Literal} is left as it is.
PLACEHOLDER = re.compile(r"\$\{(?!!)([^}]+)\}")


def references(value: Any, *, also_parameters: bool = False) -> Iterator[str]:
    """Yield the names that values refer to: all of them, or those that may be resources."""
    for name in _names(value):
        if also_parameters or not name.startswith("AWS::"):
            yield name


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for member in value:
            yield from _names(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "Ref":
                yield str(member)
            elif key == "Fn::GetAtt":
                yield str(member.split(".", 1)[0] if isinstance(member, str) else member[0])
            elif key == "Fn::Sub":
                yield from _substituted(member)
            else:
                yield from _names(member)


def _substituted(value: Any) -> Iterator[str]:
    text, own = (value, {}) if isinstance(value, str) else (value[0], value[1])
    yield from _names(own)
    for placeholder in PLACEHOLDER.findall(text):
        if placeholder not in own:
            yield placeholder.strip().split(".", 1)[0]
