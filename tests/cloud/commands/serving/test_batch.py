"""``textcnn batch``: files are looked through, sent once, and joined with their answers."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.commands.conftest import QUICK, Command
from tests.cloud.commands.serving.interrupting import through
from text_classification.contract.delimiters import DELIMITERS, Delimiter
from textcnn.batch.file_check import TextColumn, check_file, first_row, has_header
from textcnn.batch.formats import CSV
from textcnn.batch.outputs import _local_name
from textcnn.errors import CommandError, Exit
from textcnn.foundation import Foundation
from textcnn.results import Trained, Transformed

Client = Callable[[str], Any]
TABLE = 'id,text\n1,"the policy, good"\n2,is bad\n'


def test_a_table_comes_back_with_its_answers(
    model: str, textcnn: Command, client: Client, tmp_path: Path
):
    """Header joined with header; ended at each change, there is one job, and its model is gone."""
    (tmp_path / "letters.csv").write_text(TABLE)
    arguments = ("batch", "letters.csv", "--model", model, "--download", "answers", "--yes")
    told, ended = through(textcnn, *arguments, "--output", "json")
    assert told.code == 0, told.err
    assert ended >= 2, "a model and a job are made"
    done: Transformed = told.read(Transformed)
    with (tmp_path / "answers/letters.answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["text"]) for row in rows] == [
        ("1", "the policy, good"),
        ("2", "is bad"),
    ]
    assert all(0 < float(row["score"]) <= 1 and row["label"] for row in rows)
    jobs = client("sagemaker").list_transform_jobs(NameContains="letters-csv")
    assert [each["TransformJobName"] for each in jobs["TransformJobSummaries"]] == [done.job]
    assert not client("sagemaker").list_models(NameContains=done.job)["Models"]
    assert "has been done before" in textcnn(*arguments).err


@pytest.mark.parametrize(("name", "delimiter"), [("marks.csv", "semicolon"), ("marks.tsv", "tab")])
def test_answers_stand_alone_where_no_commas_separate_documents(
    model: str, textcnn: Command, tmp_path: Path, name: str, delimiter: Delimiter
):
    """Joined to them they would make lines that nothing reads; theirs is the same place."""
    rows = ["the policy, good", "is bad", 'a "claim']
    (tmp_path / name).write_text(
        "".join(f"{n}{DELIMITERS[delimiter]}{row}\n" for n, row in enumerate(rows))
    )
    arguments = ("batch", name, "--model", model, "--text-column", "1")
    dry = json.loads(textcnn(*arguments, "--dry-run").out)["dry_run"]
    (job,) = (each["arguments"] for each in dry if each["method"] == "create_transform_job")
    content_type = f'text/csv; delimiter={delimiter}; text_column="1"; header=absent'
    assert job["TransformInput"]["ContentType"] == content_type
    assert "DataProcessing" not in job
    told = textcnn(*arguments, "--download", ".", "--yes", "--output", "json")
    assert told.code == 0, told.err
    (file,) = told.read(Transformed).files
    assert file == "marks.answers.csv"
    with (tmp_path / file).open(newline="") as answers:
        labels = [row[0] for row in csv.reader(answers)]
    assert len(labels) == len(rows)
    assert set(labels) == {"good", "bad"}


def test_objects_in_s3_are_answered_line_by_line(
    model: str, textcnn: Command, client: Client, foundation: Foundation, tmp_path: Path
):
    """A prefix of packed JSON Lines; each line has its answer beside it, one label as asked."""
    texts = [f"the policy is good {number}" for number in range(5)]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    client("s3").put_object(
        Bucket=foundation.bucket, Key="packed/a.jsonl.gz", Body=gzip.compress(lines.encode())
    )
    place = f"s3://{foundation.bucket}/packed"
    arguments = ("batch", place, "--model", model, "--top", "1", "--download", ".", "--yes")
    done: Transformed = textcnn(*arguments, "--output", "json").read(Transformed)
    (file,) = done.files
    joined = [json.loads(line) for line in (tmp_path / file).read_text().splitlines()]
    assert [each["text"] for each in joined] == texts
    assert all(len(each["SageMakerOutput"]["top"]) == 1 for each in joined)


def test_a_dry_run_shows_the_requests(model: str, textcnn: Command, tmp_path: Path):
    """A header is kept in one piece with its rows; a column that is named goes with the type."""
    (tmp_path / "odd.csv").write_text("id,letter\n1,good\n")
    told = textcnn("batch", "odd.csv", "--model", model, "--text-column", "letter", "--dry-run")
    requests = {each["method"]: each["arguments"] for each in json.loads(told.out)["dry_run"]}
    job = requests["create_transform_job"]
    content_type = 'text/csv; delimiter=comma; text_column="letter"; header=present'
    assert job["TransformInput"]["ContentType"] == content_type
    assert (job["MaxPayloadInMB"], job["MaxConcurrentTransforms"]) == (2, 1)
    assert job["DataProcessing"] == {"JoinSource": "Input"}
    assert job["ModelName"] == requests["create_model"]["ModelName"] == job["TransformJobName"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "text\none\ntwo\n", (2, True, 0)),
        ("a.csv", "one\ntwo\n", (2, False, 0)),
        ("a.csv", "id,Text\n1,one\n2\n", (2, True, 1)),
        ("a.csv", "id;text\n1;one\n", (1, True, 0)),
        ("a.tsv", 'id\ttext\n1\tsay "hi\n2\n', (2, True, 1)),
        ("a.csv", '"id"\t"text"\n\n1\t"one"\n', (2, True, 0)),
        ("a.csv", "id\tText\n1\tgood, fine\n2\tbad\n", (2, True, 0)),
        ("a.csv", "one; two\nthree; four\n", (2, False, 0)),
        ("a.csv", "\ntext\none\n", (2, True, 0)),
        ("a.jsonl", '"one"\n{"text": "two"}\n{"no": 1}\nno\n', (4, False, 2)),
        ("a.json", '["one", "two"]', (2, False, 0)),
        ("a.json", '{"text": "one"}', (1, False, 0)),
        ("a.txt", "one\ntwo", (2, False, 0)),
    ],
)
def test_files_are_looked_through(
    tmp_path: Path, name: str, content: str, expected: tuple[int, bool, int]
):
    """Documents, header and bad ones are counted, packed or not."""
    plain, packed = tmp_path / name, tmp_path / f"{name}.gz"
    plain.write_text(content)
    packed.write_bytes(gzip.compress(content.encode()))
    for file in (plain, packed):
        found = check_file(file, TextColumn())
        assert (found.documents, found.has_header, found.bad) == expected
        assert found.bytes == len(content)


def test_fields_that_only_the_model_may_know_are_no_certain_error(tmp_path: Path):
    """The artifact has a text_column of its own, which the file alone does not show."""
    (tmp_path / "a.jsonl").write_text('{"summary": "one", "reviewText": "two"}\n')
    found = check_file(tmp_path / "a.jsonl", TextColumn())
    assert found.bad == 1
    assert found.example.startswith("line 1 has none of the fields text, ")
    assert found.example.endswith(
        "only a model that was trained with another text_column may read it"
    )


@pytest.mark.parametrize(
    ("name", "content", "has_header"),
    [
        ("a.csv", "id;letter\n1;one\n", True),
        ("a.csv", "id,text\n1,one\n", True),
        ("a.jsonl", '{"letter": "one"}\n{"text": "two"}\n', False),
    ],
)
def test_the_column_of_the_training_job_is_known(
    tmp_path: Path, name: str, content: str, *, has_header: bool
):
    """Beside the usual names, which the image reads too where a file has them alone."""
    (tmp_path / name).write_text(content)
    found = check_file(tmp_path / name, TextColumn(trained="Letter"))
    assert (found.has_header, found.bad) == (has_header, 0)


def test_a_file_may_have_the_column_that_the_model_was_trained_by(
    foundation: Foundation, textcnn: Command, tmp_path: Path
):
    """Its job tells; the artifact tells the image, so the request need not."""
    assert foundation
    rows = [f"{label},the {label} of day {day}" for day in range(10) for label in ("bill", "claim")]
    (tmp_path / "days").mkdir()
    (tmp_path / "days/days.csv").write_text("\n".join(("kind,letter", *rows)))
    columns = ("--set", "text_column=letter", "--set", "label_column=kind")
    trained = textcnn("train", "days", *QUICK, *columns, "--yes", "--output", "json")
    (tmp_path / "odd.csv").write_text("id,letter\n1,good\n")
    told = textcnn("batch", "odd.csv", "--model", trained.read(Trained).job, "--dry-run")
    assert told.code == 0, told.err
    requests = {each["method"]: each["arguments"] for each in json.loads(told.out)["dry_run"]}
    assert requests["create_transform_job"]["TransformInput"]["ContentType"] == "text/csv"


@pytest.mark.parametrize(
    ("content", "column", "header"),
    [
        ("id;text\n1;one\n", "text", True),
        ("title,description\na,b\n", "title,description", True),
        ("Title,id,Description\na,1,b\n", "description, title", True),
        ('"a,b",c\none,two\n', "a,b", True),
        ("id;Letter\n1;one\n", "letter", True),
        ("1,one\n", "1", False),
    ],
)
def test_columns_are_found_as_the_image_finds_them(
    tmp_path: Path, content: str, column: str, *, header: bool
):
    """One, or several that are joined, by the names of the header; or one by its number."""
    (tmp_path / "a.csv").write_text(content)
    wanted, lines = TextColumn(column), content.splitlines(keepends=True)
    assert check_file(tmp_path / "a.csv", wanted).has_header is header
    kind, first = first_row(CSV, lines, wanted)
    assert kind.delimiter == (";" if ";" in content else ",")
    assert has_header(first, wanted, "a.csv") is header


@pytest.mark.parametrize(
    ("name", "content", "column", "says"),
    [
        ("a.csv", b'text\n"one\ntwo"\n', None, "row 2 of a.csv has a line break"),
        ("a.csv", b"id,letter\n1,one\n", None, "no column of a.csv is named text"),
        ("a.csv", b"id,letter\n1,one\n", "words", "has no column words"),
        ("a.csv", b"id,title\n1,one\n", "title, letter", "has no column letter"),
        ("a.csv", b"1,one\n", "0,1", "has no column 0"),
        ("a.csv", b"id;letter\n1;one\n", None, "no column of a.csv is named text"),
        ("a.tsv", b"1\tone\n2\ttwo\n", None, "no column of a.tsv is named text"),
        ("a.csv", b'text\n"one\n', None, "is no CSV"),
        ("a.csv", b"text\n", None, "holds no documents"),
        ("a.json", b"{", None, "is no JSON"),
        ("a.txt", "fällig".encode("latin-1"), None, "is not UTF-8"),
        ("a.csv.gz", b"text\none\n", None, "cannot be read"),
        ("a.parquet", b"PAR1", None, "in no format"),
    ],
)
def test_files_that_no_job_could_use_are_told(
    tmp_path: Path, name: str, content: bytes, column: str | None, says: str
):
    """Before anything is paid for."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=says) as raised:
        check_file(tmp_path / name, TextColumn(column))
    assert raised.value.code == Exit.USAGE


def test_answers_stay_in_their_folder():
    """Whatever a key holds."""
    assert str(_local_name("../../etc/a.csv.out")) == "etc/a.answers.csv"
    assert str(_local_name("a.csv.gz.out")) == "a.answers.csv"
