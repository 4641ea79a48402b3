"""The two processes of a server: one looks after nginx and the other one, which is gunicorn.

What both need is imported before the fork, all else after it by the process that needs it: so the
supervisor stays small, and NumPy finds the variables that are set for it.
"""

import logging
import os
import shutil
import socket
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from text_classification.contract.failure import DISK_FULL_NUMBERS, explain
from text_classification.contract.settings import Settings, read_settings
from text_classification.errors import Code, ConfigurationError, ResourceError
from text_classification.machine.disk import check_writable
from text_classification.machine.environment import set_variables
from text_classification.machine.log import log_to_stdout, log_warnings_to_stderr
from text_classification.machine.signals import kill_group
from text_classification.serving.server.process_state import prepare_gunicorn, prepare_supervisor
from text_classification.serving.server_folder import RESPONSES

# A socket has a path of at most 107 bytes; ours lies in a folder with a name of its own.
LONGEST_SCRATCH = 107 - len("/serve-12345678/application.sock")
# What the server writes as it starts, with room to spare.
LEAST_ROOM = 1 << 20

log = logging.getLogger(__name__)


def serve() -> int:
    """Serve until a signal or the death of nginx or gunicorn; return the exit code.

    ``prepare_start`` has been called.
    """
    log_to_stdout()
    try:
        settings = read_settings()
        _check_port(settings.host, settings.port, "SAGEMAKER_BIND_TO_PORT")
        if settings.metrics_port:
            _check_port(settings.host, settings.metrics_port, "METRICS_PORT")
        _check_scratch(settings.scratch)
        folder = Path(tempfile.mkdtemp(dir=settings.scratch, prefix="serve-"))
        gunicorn = _fork(folder)
        if gunicorn:
            return _supervise(settings, folder, gunicorn)
    except Exception as error:  # noqa: BLE001 - it is logged
        _log_cause(error)
        return 1
    return _be_gunicorn(settings, folder)


def _fork(folder: Path) -> int:
    """Return the number of gunicorn's process, 0 in that process itself."""
    try:
        (folder / RESPONSES).mkdir()
        return os.fork()
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _supervise(settings: Settings, folder: Path, gunicorn: int) -> int:
    """Go on as the supervisor; at the end nothing is left of gunicorn and the folder."""
    prepare_supervisor()
    # As gunicorn does itself, so that its group can be killed from here on.
    with suppress(OSError):
        os.setpgid(gunicorn, gunicorn)
    try:
        from text_classification.serving.server.supervisor import Supervisor  # noqa: PLC0415

        return Supervisor(settings, folder, gunicorn).run()
    finally:
        kill_group(gunicorn)
        shutil.rmtree(folder, ignore_errors=True)


def _be_gunicorn(settings: Settings, folder: Path) -> NoReturn:
    """Go on as gunicorn, the head of a process group of its own."""
    os.setpgid(0, 0)
    prepare_gunicorn()
    # Standard output is for the lines of requests, which only the supervisor writes.
    log_warnings_to_stderr()
    set_variables(
        # One thread of linear algebra a worker: the workers are the parallelism.
        OPENBLAS_NUM_THREADS="1",
        OMP_NUM_THREADS="1",
        # What is left there by a process that was killed goes when the server ends.
        TMPDIR=str(folder),
    )
    try:
        from text_classification.serving.server.gunicorn_application import (  # noqa: PLC0415
            Application,
        )

        sys.exit(Application(replace(settings, scratch=folder), folder).run())
    except Exception as error:  # noqa: BLE001 - it is logged
        _log_cause(error)
        sys.exit(1)


def _log_cause(error: Exception) -> None:
    """Log why the server does not start, with a traceback if that is a fault of ours."""
    known = explain(error)
    log.error("%s", known, exc_info=error if known.code is Code.INTERNAL else None)


def _check_port(host: str, port: int, variable: str) -> None:
    """Raise ``ResourceError`` when the port is taken: nginx would only say so after seconds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ResourceError(
                Code.PORT_TAKEN,
                f"port {port} of {host} cannot be used: {error.strerror}",
                remedy=f"Stop what listens there, or set {variable} or BIND_ADDRESS.",
            ) from None


def _check_scratch(folder: Path) -> None:
    """Raise ``ConfigurationError`` when the temporary folder takes neither files nor sockets."""
    if len(os.fsencode(folder)) > LONGEST_SCRATCH:
        problem = f"is longer than the {LONGEST_SCRATCH} bytes that leave room for a socket's path"
    elif '"' in str(folder) or "$" in str(folder):
        problem = "holds a quote or a dollar sign, which nginx cannot read"
    else:
        return _check_room(folder)
    raise ConfigurationError(
        Code.SETTING_INVALID,
        f"the temporary folder (TMPDIR) {problem}",
        where=str(folder),
        remedy="Set TMPDIR to another folder, such as /tmp.",
    )


def _check_room(folder: Path) -> None:
    """Raise ``ResourceError`` when files cannot be written to the temporary folder."""
    try:
        check_writable(folder, LEAST_ROOM)
    except OSError as error:
        full = error.errno in DISK_FULL_NUMBERS
        raise ResourceError(
            Code.DISK_FULL if full else Code.SETTING_INVALID,
            f"the temporary folder (TMPDIR) cannot be written to: {error.strerror}",
            where=str(folder),
            remedy="Make room there, mount it so that it can be written to, or set TMPDIR to "
            "another folder.",
        ) from None
