"""The page's files, as nginx sends them, and its form, as anyone may send it."""

import re
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.server import Server
from tests.support.waiting import wait_until
from tests.unit.helpers import random_artifact
from text_classification import artifact
from text_classification.serving.page.page_files import HEADERS, WEB

FILES = sorted(path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file())
TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
LIMIT_BYTES = 60_000
FORM = "application/x-www-form-urlencoded"
SECRET = "zwiebelkuchen"


@pytest.mark.parametrize("name", FILES)
def test_files_come_with_their_type_and_the_policy(shared_server: Server, name: str) -> None:
    """As they lie there; one that a browser has already is not sent again."""
    answer = shared_server.request("GET", f"/{name}")
    assert (answer.status, answer.body) == (200, (WEB / name).read_bytes())
    assert answer.headers["Content-Type"] == TYPES[Path(name).suffix]
    assert answer.headers.items() >= HEADERS.items()
    again = shared_server.request(
        "GET", f"/{name}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status, again.body) == (304, b"")


def test_the_root_is_the_page(shared_server: Server) -> None:
    """People type no more than the address."""
    answer = shared_server.request("GET", "/")
    assert answer.body == (WEB / "index.html").read_bytes()


def test_all_files_together_are_small() -> None:
    """Uncompressed, and with those that only some people need."""
    assert sum((WEB / name).stat().st_size for name in FILES) < LIMIT_BYTES


def test_addresses_are_relative() -> None:
    """So that a bucket or a folder can hold the files as well; nothing comes from elsewhere."""
    for name in FILES:
        text = (WEB / name).read_text(encoding="utf-8")
        assert not re.findall(r"""(?:src|href|action|from|import\()=?\s?["']/""", text)
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_nothing_is_read_as_html() -> None:
    """Texts become text nodes; styles and scripts are files."""
    for name in FILES:
        text = (WEB / name).read_text(encoding="utf-8")
        assert not re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text)
        assert not re.findall(r"""\sstyle=|\son\w+=["']|<style|<script>""", text)


@pytest.mark.parametrize("path", ["/page/", "/page", "/page/none.js", "/page/../page/none.js"])
def test_what_is_not_there_has_the_one_error(shared_server: Server, path: str) -> None:
    """In JSON, as everywhere."""
    answer = shared_server.request("GET", path)
    assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")


def test_nothing_else_is_sent_of_the_program(shared_server: Server) -> None:
    """No path leads out of the folder."""
    for path in ("/page/../../predict.py", "/page/%2e%2e/%2e%2e/predict.py", "/web/index.html"):
        assert shared_server.request("GET", path).status in {400, 404}


def test_a_setting_turns_it_off(start_server: StartServer) -> None:
    """Then there are neither files nor form, and the rest is as ever."""
    server = start_server(PAGE="false")
    for method, path in (("GET", "/"), ("GET", "/page/main.js"), ("POST", "/form")):
        answer = server.request(method, path)
        assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")
    assert server.invocations({"text": "good"}).status == 200


def test_a_server_of_many_models_has_none(start_server: StartServer) -> None:
    """There would be no one model to ask."""
    server = start_server(SAGEMAKER_MULTI_MODEL="true")
    for path in ("/", "/form"):
        assert server.request("GET", path).status == 404


def test_the_page_is_there_before_the_model(
    start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It says itself that the model is not ready; the form says why."""
    server = start_server(ready=False, root=tmp_path_factory.mktemp("empty"))

    def answered() -> bool:
        try:
            return server.request("GET", "/").status == 200
        except OSError:
            return False

    wait_until(answered)
    wait_until(lambda: b"cannot be served" in server.ping().body)
    answer = server.request("POST", "/form", "text=good", {"Content-Type": FORM})
    assert answer.status == 503
    assert b"MODEL_NOT_READY" in answer.body


def test_no_log_holds_a_text(start_server: StartServer) -> None:
    """Not of the form, not of a file's name or a fragment's begin, not of an error."""
    server = start_server(MAX_BODY_MB="1")
    asked = (
        ("POST", "/form", f"text={SECRET}", FORM),
        ("POST", "/form", f"text={SECRET}&{SECRET}=1", "text/plain"),
        ("POST", "/form", f"text={SECRET * 200_000}", FORM),
        ("POST", f"/form?{SECRET}", f"text={SECRET}", FORM),
        ("GET", f"/?text={SECRET}", None, ""),
        ("GET", f"/page/{SECRET}.js", None, ""),
        ("POST", "/invocations", f'"{SECRET}"', "application/json"),
        ("POST", "/invocations", f"{{{SECRET}", "application/json"),
    )
    for method, path, body, content_type in asked:
        server.request(method, path, body, {"Content-Type": content_type})
    assert server.stop() == 0
    assert SECRET not in server.log
    routes = [line["route"] for line in server.requests_logged()]
    assert routes.count("/form") == 4
    assert routes.count("/invocations") == 2
    # The page's files have no lines, but for one that is not there.
    assert len(routes) == 4 + 2 + 1


def test_an_answer_of_the_form_is_not_kept(shared_server: Server) -> None:
    """It holds a text, so no cache may have it; the policy is that of the files."""
    answer = shared_server.request("POST", "/form", f"text={SECRET}", {"Content-Type": FORM})
    expected = {**HEADERS, "Cache-Control": "no-store"}
    assert answer.headers.items() >= expected.items()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "documents;desc=1" in answer.headers["Server-Timing"]


def test_a_long_form_is_refused_on_the_page(shared_server: Server) -> None:
    """It says where longer documents go."""
    answer = shared_server.request(
        "POST", "/form", "text=" + "a" * (2 << 20), {"Content-Type": FORM}
    )
    assert answer.status == 413
    assert b"Send longer ones to /invocations." in answer.body


def test_labels_and_texts_are_escaped(
    start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A model may come from anyone, and so may a text."""
    root = tmp_path_factory.mktemp("hostile")
    labels = ("<script>1</script>", "<img>", '"')
    artifact.save(random_artifact(labels=labels), root / "model")
    server = start_server(root=root)
    text = "text=%3C/textarea%3E%3Cscript%3E2%3C/script%3E"
    page = server.request("POST", "/form", text, {"Content-Type": FORM}).body.decode()
    assert not re.findall(r"<script>|<img>", page)
    assert "&lt;script&gt;1" in page
    assert "&lt;/textarea&gt;&lt;script&gt;2" in page
