"""nginx and gunicorn: their command lines and configuration."""

import json
import os
import resource
import shutil
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from string import Template

from text_classification.contract.settings import Settings
from text_classification.errors import Code, OverloadedError, RequestError, ResourceError
from text_classification.serving.monitoring.worker_processes import worker_count
from text_classification.serving.page.page_files import page_locations
from text_classification.serving.predictions.limits.admission import HELD_REQUESTS, overloaded
from text_classification.serving.predictions.limits.deadline import timed_out
from text_classification.serving.predictions.limits.full_disk import disk_full
from text_classification.serving.server_folder import (
    READY,
    RESPONSES,
    application_socket,
    metrics_socket,
    nginx_socket,
    request_pipe,
)

# Connections of nginx, to clients and workers together, and with them its open files.
CONNECTIONS = 4096
# Requests for predictions in nginx's hands, those that are still arriving included; more are
# answered 503 at once.
PASSED_ON = 1000
# Models being loaded at a time, those that wait for their turn included.
LOADS = 50
# The longest silence of a client in the middle of a request or a response.
SILENT_SECONDS = 30
# Threads of a worker: those that hold requests, and some for /ping and to refuse others.
THREADS = HELD_REQUESTS + LOADS + 28
# A worker that gives no sign of life for so long is replaced.
LIFELESS_SECONDS = 60
# When to try again, where nobody knows better.
RETRY_SECONDS = 5
# SageMaker waits 2 s for the answer to /ping; whoever waits longer is told after so many.
PING_SECONDS = 5
# What nginx calls a /ping that no worker answers in time.
_UNANSWERED = 599
# Connections to workers that nginx keeps for the next request, for 60 s. A worker keeps them
# longer, so that none is closed just as a request is sent.
KEPT_CONNECTIONS = 100
KEPT_SECONDS = 75
# Debian keeps nginx where only root's PATH looks.
EXTRA_PATH = os.pathsep.join(("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"))


def gunicorn_options(settings: Settings, folder: Path) -> dict[str, str | int]:
    """Return gunicorn's settings, with which it listens on a socket in ``folder``.

    The application is loaded before the workers are forked, so they share the model's memory.
    """
    return {
        "preload_app": True,
        "control_socket_disable": True,
        "bind": f"unix:{application_socket(folder)}",
        "workers": worker_count(settings),
        "worker_class": "text_classification.serving.server.worker.Worker",
        "threads": THREADS,
        "keepalive": KEPT_SECONDS,
        "timeout": LIFELESS_SECONDS,
        # A worker that is replaced ends its requests first. For the whole server the supervisor
        # has a shorter time.
        "graceful_timeout": settings.request_seconds,
        "max_requests": settings.worker_requests,
        "max_requests_jitter": settings.worker_requests // 2,
        "worker_tmp_dir": str(folder),
        # nginx has limits of its own for these, and answers in JSON.
        "limit_request_line": 8190,
        "limit_request_fields": 0,
        "limit_request_field_size": 0,
        "loglevel": "warning",
    }


def nginx_command(settings: Settings, folder: Path) -> list[str]:
    """Write nginx's configuration into ``folder`` and return its command line.

    Raises ``ResourceError`` when nginx is not installed.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path=EXTRA_PATH)
    if program is None:
        raise ResourceError(
            Code.PROGRAM_MISSING,
            "nginx is not installed",
            remedy="Install it, on Debian with: apt-get install nginx-light",
        )
    configuration = folder / "nginx.conf"
    configuration.write_text(_nginx_configuration(settings, folder), encoding="utf-8")
    # -e: before it has read its configuration, nginx would log where it may not write.
    return [program, "-e", "stderr", "-p", str(folder), "-c", str(configuration)]


def _nginx_configuration(settings: Settings, folder: Path) -> str:
    template = (
        files("text_classification.serving.server").joinpath("nginx.conf.template").read_text()
    )
    return Template(template).substitute(
        folder=folder,
        socket=application_socket(folder),
        ready=folder / READY,
        responses=folder / RESPONSES,
        nginx_socket=nginx_socket(folder),
        metrics_socket=metrics_socket(folder),
        request_pipe=request_pipe(folder),
        address=_address(settings, settings.port),
        max_body_mb=settings.body_limit_mb,
        request_seconds=settings.request_seconds,
        load_seconds=settings.load_seconds,
        loads=LOADS,
        connections=_connections(),
        passed_on=PASSED_ON,
        silent_seconds=SILENT_SECONDS,
        leaving_seconds=settings.request_seconds + SILENT_SECONDS,
        kept_connections=KEPT_CONNECTIONS,
        user=_user(),
        unanswered=_UNANSWERED,
        ping_seconds=PING_SECONDS,
        retry_seconds=RETRY_SECONDS,
        **_metrics_places(settings),
        page_locations=page_locations() if settings.page and not settings.multi_model else "",
        error_pages="\n".join(_error_page(when, error) for when, error in _errors(settings)),
    )


def _address(settings: Settings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{port}"


def _metrics_places(settings: Settings) -> dict[str, str]:
    """Return where nginx passes GET /metrics on: at its own port, at another one, or nowhere."""
    port = settings.metrics_port
    places = {"metrics_location": "", "metrics_server": ""}
    if port == settings.port:
        places["metrics_location"] = "location = /metrics { proxy_pass http://metrics; }"
    elif port:
        places["metrics_server"] = (
            f"server {{ listen {_address(settings, port)}; access_log off; "
            "location / { proxy_pass http://metrics; } }"
        )
    return places


def _connections() -> int:
    """Return the connections that nginx may have: each needs an open file."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, most)


def _user() -> str:
    """Return the directive that keeps nginx's workers with the user of all else.

    Started by root they would become nobody, who cannot reach a socket in a private folder.
    """
    return "user root;" if os.geteuid() == 0 else ""


def _errors(settings: Settings) -> list[tuple[int, RequestError]]:
    """Return the statuses that nginx comes to by itself, and what is answered then."""
    return [
        (400, RequestError(400, Code.BODY_INVALID, "this is not a valid HTTP request")),
        (
            413,
            RequestError(
                413,
                Code.BODY_TOO_LARGE,
                f"the body is larger than {settings.body_limit_mb} MB",
                remedy="Send fewer documents a request, or set MAX_BODY_MB.",
            ),
        ),
        (404, RequestError(404, Code.NOT_FOUND, "the page has no such file")),
        (405, RequestError(405, Code.METHOD_NOT_ALLOWED, "the method is not allowed")),
        (414, RequestError(414, Code.BODY_INVALID, "the address is too long")),
        (494, RequestError(431, Code.BODY_INVALID, "the headers are too large")),
        # nginx itself fails only where it cannot keep a body.
        (500, disk_full()),
        (501, RequestError(501, Code.BODY_INVALID, "this transfer encoding is not read here")),
        (505, RequestError(505, Code.BODY_INVALID, "this version of HTTP is not spoken here")),
        (429, overloaded(RETRY_SECONDS)),
        (
            502,
            OverloadedError(
                Code.WORKER_LOST,
                "the process that worked on the request was lost",
                remedy="Try again, with fewer documents a request where there are many.",
                retry_after=RETRY_SECONDS,
            ),
        ),
        (
            503,
            OverloadedError(
                Code.MODEL_NOT_READY,
                "the model is still being loaded",
                remedy="Try again in a few seconds.",
                retry_after=RETRY_SECONDS,
            ),
        ),
        (504, _timed_out(settings)),
        (
            _UNANSWERED,
            RequestError(503, Code.WORKER_LOST, f"no worker answered in {PING_SECONDS} s"),
        ),
    ]


def _timed_out(settings: Settings) -> RequestError:
    error = timed_out(settings.request_seconds)
    if settings.multi_model:
        error.message += f", or a model is still being loaded after {settings.load_seconds} s"
    return error


def _error_page(when: int, error: RequestError) -> str:
    body = json.dumps(error.body())
    # To /ping, a response that takes too long is another error.
    page = "$late" if when == HTTPStatus.GATEWAY_TIMEOUT else when
    # An address rather than a named location: for a request line that is too long, nginx has
    # parsed no address to go on with.
    return (
        f"        error_page {when} = /errors/{page};\n"
        f"        location = /errors/{when} {{ internal; default_type application/json; "
        f"return {error.status} '{body}'; }}"
    )
