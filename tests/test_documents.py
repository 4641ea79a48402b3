"""The pages of documentation lead somewhere, and show commands and code that there are."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer

from tests.support.markdown import Block, Page
from tests.support.shown_calls import run
from tests.support.training import ROOT
from textcnn.main import app

LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split()
PAGES = [Page(ROOT / name) for name in LISTED if (ROOT / name).is_file()]
# The registries of other companies: what is needed of them is pinned, and named nowhere.
REGISTRIES = re.compile(r"\b(?:pypi|npmjs|docker|quay|ghcr|gcr)\.(?:org|com|io)|\bregistry\.\w")
IMPORT = re.compile(r"^(?:import|from) (\w+)", re.MULTILINE)
# What a block may import that is run here.
ALONE = {"boto3", "json", "pathlib", "tarfile", "time"}
# CloudFormation's limit for a template that is sent with the request.
TEMPLATE_BYTES = 51200

# Where packages are that tell in their docstrings what is in their files.
PROGRAMS = ("container", "cloud", "local_test")

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=[str(page.path.relative_to(ROOT)) for page in PAGES]
)


@every_page
def test_links_lead_somewhere(page: Page) -> None:
    """Each relative link names a file that there is, and a heading that the file has."""
    for link in page.links:
        address = urlsplit(link)
        if address.scheme:
            assert address.scheme == "https", link
            continue
        target = (page.path.parent / address.path).resolve() if address.path else page.path
        assert target.exists(), link
        if address.fragment:
            assert address.fragment in Page(target).anchors, link


def test_files_that_package_docstrings_name_are_there() -> None:
    """A name in code, ``like_this.py``, is a file of the package or of a folder directly in it."""
    packages = [path for part in PROGRAMS for path in (ROOT / part).rglob("__init__.py")]
    assert len(packages) > 30
    for package in packages:
        for name in re.findall(r"``(\w+\.py)``", package.read_text("utf-8")):
            beside = (package.parent / name, *package.parent.glob(f"*/{name}"))
            assert any(path.is_file() for path in beside), f"{package}: {name}"


@every_page
def test_commands_have_the_options(page: Page) -> None:
    """Every call of textcnn, in blocks and in lines, has a command and options that there are."""
    for words in _calls(page):
        _check_call(words)


def _calls(page: Page) -> Iterator[list[str]]:
    """Yield the arguments of the calls of textcnn on a page."""
    lines = [line for block in page.blocks if block.language == "sh" for line in _lines(block)]
    lines += re.findall(r"`((?:\./)?textcnn [^`]+)`", page.text)
    for line in lines:
        words = shlex.split(line, comments=True)
        if words and words[0] in {"./textcnn", "textcnn"}:
            yield words[1:]


def _lines(block: Block) -> list[str]:
    """Return the lines of a block, put together where a backslash goes on."""
    return block.content.replace("\\\n", " ").splitlines()


def _check_call(words: list[str]) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    if words[0].startswith("-"):
        assert words == ["--help"]
        return
    command = group.commands.get(words[0])
    assert command is not None, f"there is no command {words[0]}"
    if isinstance(command, typer.core.TyperGroup):
        # `textcnn page deploy|url|remove` names several at once.
        for name in words[1].split("|") if len(words) > 1 else ():
            inner = command.commands.get(name)
            assert inner is not None, f"there is no command {words[0]} {name}"
            _check_options(f"{words[0]} {name}", inner, words[2:])
        return
    _check_options(words[0], command, words[1:])


def _check_options(name: str, command: Any, words: list[str]) -> None:
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    known.add("--help")
    used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert used <= known, f"{name} has no {' '.join(sorted(used - known))}"


@every_page
def test_blocks_of_python_compile(page: Page) -> None:
    """What is shown as Python is Python."""
    for block in page.blocks:
        if block.language == "python":
            compile(block.content, f"{page.path.name}:{block.line}", "exec")


@every_page
def test_requests_on_the_pages_are_valid(
    page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is shown with boto3 alone runs, and each service's model accepts what it sends."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for block in page.blocks:
        if block.language == "python" and set(IMPORT.findall(block.content)) <= ALONE:
            run(block, page.path.name, monkeypatch, tmp_path)


@every_page
def test_no_registry_is_named(page: Page) -> None:
    """Nobody is sent to a registry of packages or images but their own in ECR."""
    assert REGISTRIES.findall(page.text) == []


def test_every_page_is_reached_from_the_readme() -> None:
    """A reader who starts with README.md finds all pages by following links."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path.suffix == ".md" and path not in reached:
            reached.add(path)
            local = [link for link in Page(path).links if not urlsplit(link).scheme]
            waiting += [(path.parent / urlsplit(link).path).resolve() for link in local]
    assert {page.path for page in PAGES} <= reached


def test_templates_fit_into_a_request() -> None:
    """Terraform and the AWS CLI send them as they are."""
    for template in (ROOT / "cloud/textcnn/templates").glob("*.yaml"):
        assert template.stat().st_size <= TEMPLATE_BYTES


def test_parameters_on_the_pages_are_the_templates() -> None:
    """What is given to endpoint.yaml on the pages of Terraform and CDK is what it asks for."""
    text = (ROOT / "cloud/textcnn/templates/endpoint.yaml").read_text("utf-8")
    parameters = text.partition("\nRules:")[0]
    names = set(re.findall(r"^  (\w+):\n    Description", parameters, re.MULTILINE))
    required = {"EndpointName", "Image", "ModelDataUrl", "RoleArn"}
    assert required <= names
    for page in ("terraform.md", "cdk.md"):
        blocks = "".join(block.content for block in Page(ROOT / "docs" / page).blocks)
        assert all(re.search(rf'\b{name}"?\s*[=:]', blocks) for name in required), page
