"""``textcnn ask``: what a model makes of a text."""

from pathlib import Path
from typing import Annotated

import typer

from textcnn import documents, endpoints, invocation, predictions_view
from textcnn.options import Context, OutputOption, ProfileOption, RegionOption
from textcnn.output import Format
from textcnn.results import Answers

TextArgument = Annotated[
    str | None,
    typer.Argument(metavar="TEXT", help="A text, or - for standard input.", show_default=False),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        "-f",
        metavar="FILE",
        help="A file: .json, .jsonl, .csv and .tsv hold documents, any other is one document.",
    ),
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint", "-e", metavar="NAME", help="The endpoint; not needed where there is only one."
    ),
]
TopOption = Annotated[
    int, typer.Option("--top", metavar="N", min=1, help="How many labels to show.")
]
WhyOption = Annotated[
    bool,
    typer.Option(
        "--why", metavar="", help="Show how much each word speaks for or against the label."
    ),
]
ModelOption = Annotated[
    bool,
    typer.Option(
        "--model",
        metavar="",
        help="Show which model answered, how good it is, and how long it took.",
    ),
]


def ask(
    text: TextArgument = None,
    file: FileOption = None,
    endpoint: EndpointOption = None,
    top: TopOption = 3,
    why: WhyOption = False,
    model: ModelOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Classify a text, a file or standard input by a deployed model.

    Example: textcnn ask --why "The storm has damaged our roof."
    """
    context = Context(region, profile, output_format)
    body = documents.read(text, file)
    asked = endpoints.meant(context.aws, endpoint)
    attributes = _attributes(top=top, why=why, model=model)
    response = invocation.invoke(context.aws, asked, body, attributes, context.output.say)
    predictions_view.show(context.output, response, why=why)
    context.output.result(
        Answers(asked.name, response["predictions"], response.get("model"), response.get("timing"))
    )


def _attributes(*, top: int, why: bool, model: bool) -> str:
    """Return the options as custom attributes, which go beside a body of any format."""
    asked = {"top_k": str(top), "explain": why, "model": model, "timing": model}
    return "; ".join(f"{name}={str(value).lower()}" for name, value in asked.items() if value)
