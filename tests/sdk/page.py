"""Hold the calls on a page of documentation against the SDK's signatures.

Writes the arguments that the SDK does not know into seen.json, with all calls that were looked at;
run in the SDK's own environment:

    page.py PAGE
"""

import ast
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sagemaker.core.resources import Endpoint, TrainingJob

# What the calls of the page return, where the class is not named on it.
RETURNED = {"endpoint": Endpoint, "job": TrainingJob}
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def main(page: str) -> dict[str, Any]:
    """Return the calls that were compared and the arguments that are unknown."""
    seen: dict[str, Any] = {"calls": [], "unknown": []}
    for block in BLOCK.findall(Path(page).read_text("utf-8")):
        tree = ast.parse(block)
        names = _imported(tree)
        names |= RETURNED | _made(tree, names)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            target = _target(call, names)
            if target is not None:
                name = ast.unparse(call.func)
                seen["calls"].append(name)
                unknown = {str(each.arg) for each in call.keywords} - _arguments(target)
                seen["unknown"] += [f"{name}({each})" for each in sorted(unknown)]
    return seen


def _imported(tree: ast.AST) -> dict[str, Any]:
    """Return what the SDK gives by the names that a block imports."""
    return {
        each.name: getattr(importlib.import_module(str(node.module)), each.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("sagemaker")
        for each in node.names
    }


def _made(tree: ast.AST, names: dict[str, Any]) -> dict[str, Any]:
    """Return the classes of the variables that are made by a class."""
    return dict(_variables(tree, names))


def _variables(tree: ast.AST, names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            maker = ast.unparse(node.value.func)
            if maker in names:
                yield ast.unparse(node.targets[0]), names[maker]


def _target(call: ast.Call, names: dict[str, Any]) -> Any:
    """Return what is called, or None where it is not the SDK's."""
    first, _, method = ast.unparse(call.func).partition(".")
    owner = names.get(first)
    if owner is None or not method:
        return owner
    return getattr(owner, method) if method.isidentifier() else None  # of what a call returns


def _arguments(target: Any) -> set[str]:
    """Return the arguments by name that a class or function takes."""
    fields = getattr(target, "model_fields", None)
    return set(fields if fields is not None else inspect.signature(target).parameters)


if __name__ == "__main__":
    Path("seen.json").write_text(json.dumps(main(*sys.argv[1:])), encoding="utf-8")
