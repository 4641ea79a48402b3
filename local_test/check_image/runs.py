"""What many rules look at: one ordinary job, its model, one ordinary server, one good request."""

from pathlib import Path

from check_image.client import Response
from check_image.job import Ended, run_job, usual_job
from check_image.memoize import memoize
from check_image.outcome import Skipped
from check_image.sample import Request
from check_image.server import MODEL, Server, Service, model_volume, serving
from check_image.subject import Subject

OTHER_DATA = (
    "sample letters were given, and it does not learn from them: give what it learns from with "
    "--train-data and --hyperparameters"
)


@memoize
def usual_ended(subject: Subject) -> Ended:
    """Return how an ordinary job ended."""
    return run_job(subject, usual_job(subject))


def good_job(subject: Subject) -> Ended:
    """Return an ordinary job that succeeded; ``Skipped`` where it did not."""
    ended = usual_ended(subject)
    if does_not_learn_from_letters(subject, ended):
        raise Skipped(OTHER_DATA)
    if not ended.succeeded:
        raise Skipped("an ordinary job does not succeed either, see training.succeeds")
    return ended


def does_not_learn_from_letters(subject: Subject, ended: Ended) -> bool:
    """Whether a job failed on the sample letters: other data may be what it asks for."""
    failed = ended.started and bool(ended.code)
    return failed and subject.sample.data is None


def model_folder(subject: Subject) -> Path:
    """Return the model: the user's, or that of the ordinary job."""
    if subject.model is not None:
        return subject.model
    ended = usual_ended(subject)
    if not ended.succeeded:
        raise Skipped("there is no model, since training does not succeed: give one with --model")
    return ended.model


@memoize
def usual_volume(subject: Subject) -> str:
    """Return a volume with the model."""
    return model_volume(subject, model_folder(subject))


def usual_service(subject: Subject) -> Service:
    """Return how a server is usually started."""
    return Service({MODEL: usual_volume(subject)})


@memoize
def usual_server(subject: Subject) -> Server:
    """Return a server that lives until the end, ready or not."""
    return subject.stack.enter_context(serving(subject, usual_service(subject)))


def good_server(subject: Subject) -> Server:
    """Return the server that lives until the end; ``Skipped`` where it is not ready."""
    server = usual_server(subject)
    if server.seconds is None:
        raise Skipped("the server does not become ready, see hosting.ready")
    return server


@memoize
def first_responses(subject: Subject) -> list[tuple[Request, Response]]:
    """Send the requests of the sample until one is answered 2xx; return each and its answer."""
    responses = []
    for request in subject.sample.requests:
        responses.append((request, good_server(subject).client.invocations(request)))
        if responses[-1][1].is_success:
            break
    return responses


def good_request(subject: Subject) -> tuple[Request, Response]:
    """Return a request that is answered 2xx, and its answer; ``Skipped`` where there is none."""
    request, response = first_responses(subject)[-1]
    if not response.is_success:
        raise Skipped("no request was answered 2xx, see hosting.invocations")
    return request, response
