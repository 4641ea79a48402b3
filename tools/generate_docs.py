"""Write the documents that are generated from code, or check that they are up to date."""

import argparse
import json
import sys
from pathlib import Path

from emulated import emulator_operations
from figures import accuracy_svg, figures
from pydantic.fields import FieldInfo

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import (
    NAMES,
    Hyperparameters,
    declared,
    is_known_by_every_recipe,
    unit_of,
)
from text_classification.contract.metric_lines import metric_definitions
from text_classification.contract.search_space import Choices, Interval
from text_classification.contract.settings import ENDPOINTS, SETTINGS
from text_classification.contract.values import Declared, Schema
from text_classification.serving.predictions.format.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.predictions.format.options import OPTIONS
from text_classification.serving.routes.openapi import openapi_document
from text_classification.training.hyperparameters.job_search_space import (
    EXAMPLE,
    names_searchable_in,
)
from text_classification.training.hyperparameters.parse import recipes_that_know

DOCS = Path(__file__).parents[1] / "docs"


def hyperparameters() -> str:
    """Return docs/hyperparameters.md."""
    schema = Hyperparameters.model_json_schema()["properties"]
    lines = [
        "# Hyperparameters",
        "",
        "Generated from `contract/hyperparameters/` and the recipes in `cnn/architectures/`.",
        'SageMaker hands over strings; `10`, `"10"`, `True`, `[3,4,5]` and `3,4,5` are all',
        "understood. An empty value, `None` and `null` mean the default. Names that tuning jobs",
        "and SDKs add (`_...`, `sagemaker_...`, `model_dir`) are ignored and named in the",
        "log; any other unknown names end the job at once, all together, each with what stands",
        "for it here.",
        "",
        "A recipe is a network and a set of defaults. Those of `kim` are given first; where",
        "another recipe has one of its own, it follows with the recipe's name. A hyperparameter",
        "that a recipe does not know would do nothing, and is refused.",
        "",
        *(f"- `{recipe.name}`: {recipe.description}" for recipe in recipes().values()),
        "",
        "| name | default | range | unit | recipes | affects | meaning |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in NAMES:
        field = Hyperparameters.model_fields[name]
        default = f"`{_default(field)}`" if _default(field) else _unset(name)
        default += _recipe_defaults(name)
        names = ("auto", *recipes()) if name == "recipe" else ()
        values = " or ".join(f"`{each}`" for each in names)
        cells = (
            f"`{name}`",
            default,
            values or _range(schema[name]),
            unit_of(name),
            "all" if is_known_by_every_recipe(name) else ", ".join(recipes_that_know(name)),
            declared(name)["affects"],
            field.description,
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join([*lines, *_affects(), *_search_spaces()]) + "\n"


def _affects() -> list[str]:
    """Return the section on what hyperparameters affect."""
    return [
        "",
        "What a hyperparameter affects decides on more than the model: a job that goes on from",
        "an earlier model must have its *shape*; checkpoints are of the same *documents*,",
        "*shape* and *weights*; jobs share a study where *duration* and *comparison* are the",
        "same too. The others may differ: *search* (which trials there are), *model* (what is",
        "made of the trained network), *report* (what is written beside it), *execution* (how",
        "the job runs).",
    ]


def _search_spaces() -> list[str]:
    """Return the section on what tuning searches."""
    lines = [
        "",
        "## What tuning searches",
        "",
        "With `tuning_trials`, unless `search_space` says otherwise, and but for hyperparameters",
        "that are set. An example, as JSON:",
        "",
        "```json",
        EXAMPLE,
        "```",
        "",
        "These can be searched:",
        "",
        *(
            f"- `{name}`: {', '.join(f'`{each}`' for each in names_searchable_in(name))}"
            for name in recipes()
        ),
        "",
        "| recipe | name | values |",
        "|---|---|---|",
    ]
    for recipe in recipes().values():
        lines += [
            f"| `{recipe.name}` | `{name}` | {_searched(part)} |"
            for name, part in recipe.search_space.items()
        ]
    return lines


def _searched(part: Interval | Choices) -> str:
    if isinstance(part, Choices):
        return " or ".join(f"`{value}`" for value in part.values)
    return f"{part.low:g} to {part.high:g}{', by logarithm' if part.log else ''}"


def settings() -> str:
    """Return docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Generated from `contract/settings.py`. Both commands read their settings from the",
        "environment and from nowhere else; an empty variable counts as unset.",
        "",
        "| variable | default | range | meaning |",
        "|---|---|---|---|",
    ]
    for each in SETTINGS.values():
        default = "empty" if each.default in {"", None} else f"`{each.default}`"
        default += _endpoint_defaults(each.variable)
        lines.append(
            f"| `{each.variable}` | {default} | {_range(each.schema)} | {each.description} |"
        )
    return "\n".join(lines) + "\n"


def _endpoint_defaults(variable: str) -> str:
    """Return the defaults of the kinds of endpoint that have one of their own for a setting."""
    own = {kind: values[variable] for kind, values in ENDPOINTS.items() if variable in values}
    return "".join(f"; {kind}: `{value}`" for kind, value in own.items())


_OPTIONS = f"""\
# Options

Generated from `serving/predictions/format/options.py`. A request may say how it wants to be read
and answered, in any of these places; one that stands further up counts more:

- `parameters` or `configuration` of a JSON body that is an object:
  `{{"text": "...", "parameters": {{"top_k": 5}}}}`
- the header `{ATTRIBUTES_HEADER}`: `top_k=5; explain=true`;
  it comes back with the answer, whatever else it holds
- parameters of `Accept`: `application/jsonlines; top_k=5`, where `header` means the answer's
- parameters of `Content-Type`: `text/csv; header=present`

An unknown option of a JSON body is answered 400, and so is a known one where it would do nothing:
beside the documents instead of in `parameters`. In a line of JSON Lines, or one record of a list,
it makes a bad record. A field that has an option's name and value has to be named in `fields`.

In headers what is no option is passed over, such as the identifier of a request or `data=text` from
the container before this one in a pipeline, unless it looks like one that was misspelt.

| option | default | values | meaning |
|---|---|---|---|
"""

_BESIDE = """
With `model` and `timing` an answer is `{"predictions": [...], "model": {...}, "timing": {...}}`;
[openapi.json](openapi.json) describes both, as `RespondingModel` and `Timing`. The platform hands
over no answer but that to a request for predictions, and few of its headers: this is how a caller
of an endpoint learns which model it has, how good that was when it was trained, and which of the
time was the server's.
"""


def options() -> str:
    """Return docs/options.md."""
    rows = [
        f"| `{name}` | {_option_default(each)} | {_values(each.schema)} | {each.description} |"
        for name, each in OPTIONS.items()
    ]
    return _OPTIONS + "\n".join(rows) + "\n" + _BESIDE


METRICS = """\
# Metrics

Generated from `contract/metric_lines.py`. `train` prints one line an epoch and one for the best
model on each part; give these definitions to SageMaker (`MetricDefinitions` of `CreateTrainingJob`,
`metric_definitions` of the SDK) and it draws the curves. Loss is mean cross-entropy in nats; macro
F1 is the mean over the classes. A tuning job may take `validation:accuracy` or
`validation:macro_f1` to maximize, or `validation:loss` to minimize.

```json
DEFINITIONS
```
"""


def metrics() -> str:
    """Return docs/metrics.md."""
    return METRICS.replace("DEFINITIONS", json.dumps(metric_definitions(), indent=2))


def _unset(name: str) -> str:
    return "found by name" if name.endswith("_column") else "empty"


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, tuple):
        return ",".join(map(str, field.default))
    return str(field.default)


def _recipe_defaults(name: str) -> str:
    """Return the defaults of the recipes that have one of their own for a hyperparameter."""
    own = {
        recipe.name: recipe.defaults[name]
        for recipe in recipes().values()
        if name in recipe.defaults
    }
    return "".join(f"; {recipe}: `{value}`" for recipe, value in own.items())


def _option_default(option: Declared) -> str:
    return f"`{json.dumps(option.default)}`" if option.default or option.default is False else ""


def _values(schema: Schema) -> str:
    """Return what an option may be, in words."""
    if "anyOf" in schema:
        return " or ".join(filter(None, map(_values, schema["anyOf"])))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return _range(schema)
    words = {"boolean": "`true` or `false`", "string": "a name", "array": "names", "null": ""}
    return words.get(schema["type"], f"a number from {schema.get('minimum')} on")


IMAGE_RULES = """\
# Rules for images

Generated from `local_test/check_image/rules/`. `local_test/check_image.sh IMAGE` checks any image
against them. What is known of the platform is documented by AWS [D], in the service's API
model [A], observed in logs and in AWS's own containers [O], or inferred from these [I]. Where a
*must* is broken, jobs or endpoints break; where a *should* is, they serve their users badly.

| rule | weight | source | what the platform does |
|---|---|---|---|
"""


def image_rules() -> str:
    """Return docs/image_rules.md."""
    sys.path.append(str(DOCS.parent / "local_test"))
    from check_image.rules import RULES  # noqa: PLC0415 - it lies beside the scripts

    rows = [
        f"| `{rule.identifier}` | {rule.severity} | {rule.source} | {rule.platform} |"
        for rule in RULES.values()
    ]
    return IMAGE_RULES + "\n".join(rows) + "\n"


def openapi() -> str:
    """Return docs/openapi.json."""
    return json.dumps(openapi_document(), indent=2) + "\n"


def multi_model_openapi() -> str:
    """Return docs/openapi-multi-model.json."""
    return json.dumps(openapi_document(multi_model=True), indent=2) + "\n"


def _range(schema: Schema) -> str:
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"] if value)
    if "anyOf" in schema:
        return _range(schema["anyOf"][0])  # the other is that nothing is given
    if "items" in schema:
        return f"each {_range(schema['items'])}"
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None or high is None:
        return ""
    above = "above " if "exclusiveMinimum" in schema else ""
    below = "below " if "exclusiveMaximum" in schema else ""
    return f"{above}{low} to {below}{high}"


DOCUMENTS = {
    "image_rules.md": image_rules,
    "hyperparameters.md": hyperparameters,
    "settings.md": settings,
    "metrics.md": metrics,
    "options.md": options,
    "accuracy.svg": accuracy_svg,
    "figures.md": figures,
    "emulator_operations.md": emulator_operations,
    "openapi.json": openapi,
    "openapi-multi-model.json": multi_model_openapi,
}


def main() -> int:
    """Write the documents; with --check, return 1 when one of them is not up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    stale = []
    for name, make in DOCUMENTS.items():
        path = DOCS / name
        if check and (not path.is_file() or path.read_text() != make()):
            stale.append(name)
        elif not check:
            path.write_text(make())
    if stale:
        print(f"not up to date: {', '.join(stale)}; run make docs")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
