"""serving/server/programs.py: what can be told without starting anything."""

import json
import os
import re
import resource
from pathlib import Path

import pytest

from text_classification.contract.settings import Settings
from text_classification.errors import Code, ResourceError
from text_classification.serving.server import programs
from text_classification.serving.server.programs import gunicorn_options, nginx_command

SETTINGS = Settings(port=9000, workers=3, max_body_mb=6, request_seconds=30)


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The configuration that nginx would be started with."""
    (tmp_path / "nginx").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    program, *arguments = nginx_command(SETTINGS, tmp_path)
    assert program == str(tmp_path / "nginx")
    assert arguments[-1] == str(tmp_path / "nginx.conf")
    return (tmp_path / "nginx.conf").read_text(encoding="utf-8")


def test_gunicorn_takes_the_settings(tmp_path: Path) -> None:
    """Workers, limits and the socket are handed on; the model is loaded before the fork."""
    options = gunicorn_options(SETTINGS, tmp_path)
    expected = {"preload_app": True, "workers": 3, "graceful_timeout": 30}
    assert options.items() >= expected.items()
    assert options["bind"] == f"unix:{tmp_path}/application.sock"


def test_nginx_takes_the_settings(configuration: str, tmp_path: Path) -> None:
    """Address, limits and the socket stand in the configuration, and no slot is left over."""
    assert re.search(r"listen +0\.0\.0\.0:9000\b", configuration)
    assert re.search(r"client_max_body_size +6m;", configuration)
    assert f"{tmp_path}/application.sock" in configuration
    assert "${" not in configuration
    assert re.search(r"proxy_read_timeout +30s;", configuration)


def test_workers_keep_connections_longer_than_nginx(configuration: str, tmp_path: Path) -> None:
    """None is closed just as a request is sent; nginx keeps them for 60 s unless told otherwise."""
    assert "keepalive_timeout" not in configuration
    assert int(gunicorn_options(SETTINGS, tmp_path)["keepalive"]) > 60


@pytest.mark.parametrize(
    ("length", "kept"),
    [("1", True), ("99999", True), ("100000", False), ("", False), ("1x", False)],
)
def test_small_bodies_go_over_kept_connections(
    configuration: str, length: str, *, kept: bool
) -> None:
    """So says the pattern that nginx is given."""
    (pattern,) = re.findall(r'"~(.*)" kept;', configuration)
    assert bool(re.search(pattern, length)) == kept


def test_a_lost_worker_s_request_has_one_more_try(configuration: str, tmp_path: Path) -> None:
    """The same socket stands twice in each group; requests that are no GET are sent again too."""
    servers = re.findall(r'server "unix:(.*)" max_fails=0;', configuration)
    assert servers == [f"{tmp_path}/application.sock"] * 2 * 2
    assert re.search(r"proxy_next_upstream +error non_idempotent;", configuration)


@pytest.mark.parametrize(("most", "expected"), [(1024, 1024), (1 << 20, 4096), (-1, 4096)])
def test_nginx_has_no_more_connections_than_open_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, expected: int
) -> None:
    """What the container may open is the limit, and -1 stands for none."""
    (tmp_path / "nginx").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (most, most))
    nginx_command(SETTINGS, tmp_path)
    written = (tmp_path / "nginx.conf").read_text("utf-8")
    assert f"worker_connections {expected};" in written
    assert f"worker_rlimit_nofile {expected};" in written


def test_address_of_version_6_has_brackets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nginx listens on is [::1]:8080."""
    (tmp_path / "nginx").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    nginx_command(Settings(host="::1"), tmp_path)
    assert re.search(r"listen +\[::1\]:8080\b", (tmp_path / "nginx.conf").read_text("utf-8"))


def test_errors_of_nginx_have_the_one_form(configuration: str) -> None:
    """What nginx answers by itself is the JSON error body, short enough to arrive whole."""
    taken = re.findall(r"error_page (\d+) = /errors/(\S+);", configuration)
    found = re.findall(r"location = /errors/(\d+) .*return (\d+) '(.*)';", configuration)
    assert {when for when, _ in taken} == {when for when, _, _ in found}
    assert all(when == page for when, page in taken if page != "$late")
    pages = [(status, body) for _, status, body in found]
    assert {("413", "413"), ("502", "503"), ("504", "504")} <= {page[:2] for page in found}
    codes = {(status, json.loads(body)["error"]["code"]) for status, body in pages}
    assert ("413", Code.BODY_TOO_LARGE) in codes
    assert ("503", Code.MODEL_NOT_READY) in codes
    assert ("503", Code.OVERLOADED) in codes
    assert ("503", Code.WORKER_LOST) in codes
    assert ("504", Code.TIMED_OUT) in codes
    assert all(len(body) < 2048 and "'" not in body and "$" not in body for _, body in pages)


def test_loading_a_model_has_its_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where models are loaded at all, the error says it too."""
    (tmp_path / "nginx").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    nginx_command(Settings(request_seconds=30, load_seconds=70, multi_model=True), tmp_path)
    configuration = (tmp_path / "nginx.conf").read_text("utf-8")
    loading = configuration.partition("location = /models")[2].partition("}\n\n")[0]
    assert "proxy_read_timeout 70s;" in loading
    assert "longer than 30 s, or a model is still being loaded after 70 s" in configuration


def test_ping_that_takes_too_long_has_a_page_of_its_own(configuration: str) -> None:
    """A server that does not answer in time is not healthy, whatever else a 504 says."""
    assert "error_page 504 = /errors/$late;" in configuration
    (late,) = re.findall(r"map \$route \$late {\s+/ping (\d+);\s+default 504;", configuration)
    (page,) = re.findall(rf"location = /errors/{late} .*return 503 '(.*)';", configuration)
    assert json.loads(page)["error"]["code"] == Code.WORKER_LOST


@pytest.mark.parametrize(
    ("port", "places"), [(None, []), (9000, ["0.0.0.0:9000"]), (9001, ["0.0.0.0:9001"])]
)
def test_metrics_are_where_the_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int | None, places: list[str]
) -> None:
    """By default nowhere, at the server's own port, or at one of their own."""
    (tmp_path / "nginx").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    nginx_command(Settings(port=9000, metrics_port=port), tmp_path)
    servers = (tmp_path / "nginx.conf").read_text("utf-8").split("server {")
    told = [server for server in servers if "http://metrics" in server]
    assert [re.findall(r"listen (\S+);", server)[0] for server in told] == places


def test_missing_nginx_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to install it."""
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(programs, "EXTRA_PATH", os.devnull)
    with pytest.raises(ResourceError, match="nginx is not installed") as raised:
        nginx_command(SETTINGS, tmp_path)
    assert raised.value.code == Code.PROGRAM_MISSING
