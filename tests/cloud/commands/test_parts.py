"""Parts of the commands on their own: prices, waiting, the log, archives, what is shown."""

import io
import itertools
import json
import runpy
import sys
import tarfile
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from rich.console import Console

from text_classification.contract.metric_lines import metric_definitions, metric_line
from textcnn import artifacts, durations, predictions_view, pricing, results
from textcnn.endpoints import Endpoint
from textcnn.errors import CommandError, Exit, cause
from textcnn.explain import explain
from textcnn.main import app, main
from textcnn.options import Context
from textcnn.polling import pauses
from textcnn.pricing import Component, Price
from textcnn.results import Cost
from textcnn.training.attempts import base_name, is_name, look_up
from textcnn.training.log import Epoch, Message, understand
from textcnn.training.plan import size
from textcnn.training.register import METADATA, SPECIFICATION
from textcnn.training.result import tell_cost
from textcnn.training.view import LiveView

from .conftest import ROOT


def product(usage: str, amount: str, unit: str) -> str:
    """Return a product as the Pricing API lists it: JSON in a string."""
    dimension = {"unit": unit, "pricePerUnit": {"USD": amount}}
    return json.dumps(
        {
            "product": {"attributes": {"usagetype": usage}},
            "terms": {"OnDemand": {"A.B": {"priceDimensions": {"A.B.C": dimension}}}},
        }
    )


def test_a_price_is_that_of_the_pricing_api():
    """It is asked by region, instance and use; one of 0 is no price."""
    context = Context()
    listed = [product("Train", "0.0000000000", "Hrs"), product("Train", "0.2040000000", "Hrs")]
    wanted = {"instanceName": "ml.c5.xlarge", "component": "Training", "regionCode": "us-east-1"}
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": wanted[field]} for field in wanted]
    with Stubber(context.aws.advice_client("pricing", "us-east-1")) as stub:
        stub.add_response(
            "get_products",
            {"PriceList": listed},
            {"ServiceCode": "AmazonSageMaker", "Filters": filters},
        )
        price = pricing.instance_price(context.aws, "ml.c5.xlarge", Component.TRAINING)
    assert price == Price(0.204, "USD", "hour")
    assert pricing.tell(price) == "0.20 USD an hour"


def test_a_serverless_price_is_by_memory():
    """Each memory has a price of its own for a second."""
    context = Context()
    listed = [
        product("USE1-ServerlessInf:Mem-1GB", "0.0000200000", "Seconds"),
        product("USE1-ServerlessInf:Mem-2GB", "0.0000400000", "Seconds"),
    ]
    with Stubber(context.aws.advice_client("pricing", "us-east-1")) as stub:
        stub.add_response("get_products", {"PriceList": listed})
        price = pricing.serverless_price(context.aws, 2048)
    assert pricing.tell(price) == "0.000040 USD a second"


def test_a_price_that_nobody_tells_is_unknown():
    """No permission is no reason to stop."""
    context = Context()
    with Stubber(context.aws.advice_client("pricing", "us-east-1")) as stub:
        stub.add_client_error("get_products", "AccessDeniedException")
        price = pricing.instance_price(context.aws, "ml.c5.xlarge", Component.HOSTING)
    assert price is None
    assert pricing.tell(price) == "unknown"


def test_a_cost_is_seconds_by_instances_by_price():
    """The price is only there where it is known."""
    assert tell_cost(Cost("ml.c5.xlarge", 2, 192, 0.2, 0.0213, "USD")) == (
        "3 min 12 s on 2 instances of ml.c5.xlarge: 0.021 USD"
    )
    assert tell_cost(Cost("ml.c5.xlarge", 1, 60)) == "1 min on ml.c5.xlarge: price unknown"


def test_waiting_is_short_at_first_and_bounded_later():
    """A pause is a fifth of what has passed, never below 0.2 s or above the longest."""
    times, slept = itertools.chain([0.0, 0.0], itertools.count(10, 45)), list[float]()
    waited = pauses(10, slept.append, lambda: next(times))
    for _ in range(4):
        next(waited)
    assert slept == [0.2, 2.0, 10]


def test_lengths_of_time_are_read_and_written():
    """Units may follow each other; nothing else is taken."""
    assert durations.parse("1d12h") == 129_600
    assert durations.write(192) == "3 min 12 s"
    for wrong in ("", "0h", "8", "8 hours", "-1h"):
        with pytest.raises(CommandError):
            durations.parse(wrong)


def test_a_line_of_the_log_is_an_epoch_or_a_message():
    """Epochs are found by the definitions that the job was created with."""
    line = metric_line("epoch 12", {"train:loss": 0.5, "validation:accuracy": 0.75})
    stamped = f"2026-01-31 12:00:00,123 INFO {line}"
    assert understand(stamped, metric_definitions()) == Epoch(
        12, {"train:loss": 0.5, "validation:accuracy": 0.75}
    )
    assert understand("2026-01-31 12:00:00,123 WARNING no test", []) == Message(
        "no test", "WARNING"
    )
    assert understand("algo-2: plain", []) == Message("algo-2: plain")


def test_the_table_of_epochs_stays_on_the_screen():
    """At a terminal the table grows at the end, with the best epoch marked, and then stays."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, height=20)
    with LiveView(console) as shown:
        shown.state("Training for 3 s on ml.c5.xlarge")
        for number in range(1, 31):
            accuracy = 0.9 if number == 7 else 0.5
            shown.show(Epoch(number, {"validation:accuracy": accuracy}))
        shown.show(Message("the model is saved"))
    left = screen.getvalue().rpartition("\x1b[2K")[2]
    assert len([line for line in left.splitlines() if "0.5" in line]) == 29
    assert "Training for 3 s" in screen.getvalue()
    assert "Training for 3 s" not in left


def test_the_name_of_a_job_is_one_that_sagemaker_takes():
    """It begins with the data's own name, and is within the limits of either kind of job."""
    for data in ("s3://bucket/My letters (2026)/", "letters", "/", "x" * 200, "ä"):
        for longest in (63, 32):
            assert is_name(base_name(data, "1a2b3c4d", longest), longest - 4)
    jobs = {"a": {"TrainingJobStatus": "Failed"}, "a-2": {"TrainingJobStatus": "InProgress"}}
    tried = look_up(jobs.get, "a")
    assert tried.next_name == "a-3"
    assert tried.is_running


def test_an_archive_is_read_without_unpacking(bucket: str, client: Any):
    """Files of the names asked for are read; links, other files and broken archives are not."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in (("./metrics.json", b'{"a": 1}'), ("other.txt", b"x")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
        link = tarfile.TarInfo("labels.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    client("s3").put_object(Bucket=bucket, Key="model.tar.gz", Body=content.getvalue())
    client("s3").put_object(Bucket=bucket, Key="cut.tar.gz", Body=content.getvalue()[:60])
    aws, uri = Context().aws, f"s3://{bucket}/model.tar.gz"
    assert artifacts.read_json(aws, uri, "metrics.json") == {"a": 1}
    assert artifacts.read_members(aws, uri, ["labels.json", "missing"]) == {}
    with pytest.raises(CommandError, match="cannot be read"):
        artifacts.read_members(aws, f"s3://{bucket}/cut.tar.gz", ["metrics.json"])
    with pytest.raises(CommandError, match="there is no s3://"):
        artifacts.read_members(aws, f"s3://{bucket}/none", ["metrics.json"])


def test_a_reason_is_told_without_its_traceback():
    """The image puts the cause first and the traceback behind it."""
    reason = "AlgorithmError: LABELS_INVALID: one label.\nTraceback (most recent call last):\n ..."
    assert cause(reason) == "AlgorithmError: LABELS_INVALID: one label."
    assert cause("CapacityError: none left") == "CapacityError: none left"


def test_sizes_are_told_in_thousands():
    """One unit, one digit behind the point."""
    assert [size(number) for number in (0, 999, 1000, 1_375_473)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "1.4 MB",
    ]


def test_the_registry_is_told_what_the_example_says():
    """examples/registry has the same metadata, for who registers without this command."""
    example = json.loads((ROOT / "examples/registry/model_package.json").read_text())
    assert example["InferenceSpecification"] == SPECIFICATION
    assert {name: example[name] for name in METADATA} == METADATA


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--nme", "x"], "`textcnn train --help`"),
        (["page", "url", "--nme"], "`textcnn page url --help`"),
        (["trian"], "`textcnn --help`"),
    ],
)
def test_a_mistyped_command_names_the_help_to_read(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
):
    """That of the command that was given, not of any."""
    assert main(arguments) == Exit.USAGE
    assert says in capsys.readouterr().err


def test_an_interrupt_while_modules_are_imported_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
):
    """Ctrl+C in the first half second ends the command as at any other time."""

    class Interrupting:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "textcnn.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "textcnn.main")
    monkeypatch.setattr(sys, "meta_path", [Interrupting, *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("textcnn", run_name="__main__")
    assert ended.value.code == Exit.INTERRUPTED


def test_labels_that_are_numbers_stand_apart_from_their_scores(
    capsys: pytest.CaptureFixture[str],
):
    """In the table of several documents, beside the best label."""
    top = [{"label": "5", "score": 0.9}, {"label": "1", "score": 0.1}]
    prediction = {"label": "5", "score": 0.9, "top": top, "unknown_share": 0.0}
    predictions_view.show(Context().output, {"predictions": [prediction] * 2}, why=False)
    assert "1 (10%)" in capsys.readouterr().out


def test_the_help_of_options_says_what_they_take():
    """A word for the value, none for a flag: the names of Python's types tell a caller nothing."""
    commands = [typer.main.get_command(app)]
    for command in commands:
        commands.extend(getattr(command, "commands", {}).values())
        for parameter in command.params:
            if parameter.name not in ("output_format", "help", "input_mode"):
                assert parameter.metavar is not None, f"{command.name} {parameter.name}"
    assert len(commands) > 12


def test_each_result_has_a_schema():
    """Programs can hold what --output json prints against it."""
    schema = results.schema(results.Trained)
    assert {"job", "status", "scores", "cost"} <= schema["properties"].keys()
    assert results.schema(results.Doctor)["properties"]["checks"]["type"] == "array"


@pytest.mark.parametrize("code", ["403", "AccessDenied", "AccessDeniedException"])
def test_a_missing_permission_is_told_with_what_to_do(code: str):
    """S3 has no words for HEAD requests, only the status."""
    told = explain(ClientError({"Error": {"Code": code, "Message": "Forbidden"}}, "HeadObject"))
    assert told.code == Exit.REFUSED
    assert "Ask an administrator" in told.remedy


def test_a_file_that_the_disk_refuses_is_named():
    """It is no fault of AWS, and no traceback."""
    told = explain(PermissionError(13, "Permission denied", "letters.csv"))
    assert told.message == "a file cannot be read or written: letters.csv: Permission denied"


@pytest.mark.parametrize(("current", "expected"), [({"CurrentInstanceCount": 0}, 0), ({}, 2)])
def test_an_endpoint_scaled_to_none_has_no_instances(current: dict[str, int], expected: int):
    """It costs nothing, though its configuration began with some; one that is made has those."""
    variant = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.large"}
    configuration = {"ProductionVariants": [{**variant, "InitialInstanceCount": 2}]}
    description = {"ProductionVariants": [{**variant, **current}]}
    assert Endpoint("letters", description, configuration).instances == expected


def test_a_page_instead_of_an_answer_is_not_shown():
    """A proxy's HTML is no message for a person."""
    page = {"Code": "500", "Message": "<!doctype html><html><title>Error</title></html>"}
    answer = {"Error": page, "ResponseMetadata": {"HTTPStatusCode": 500}}
    assert explain(ClientError(answer, "GetProducts")).message == (
        "GetProducts: HTTP 500, without a reason"
    )
