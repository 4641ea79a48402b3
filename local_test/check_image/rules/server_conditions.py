"""What a server must bear: all of it at once, and one by one only if that goes wrong."""

from check_image.conditions import Conditions
from check_image.outcome import Skipped, require
from check_image.rule import Severity, Source
from check_image.rules.image import has_capability
from check_image.rules.job_conditions import ANY_USER, READ_ONLY_ROOT
from check_image.runs import good_request, usual_service
from check_image.server import Service, serving
from check_image.subject import Subject

OTHER_PORT = 18080


def _usual(subject: Subject) -> Service:
    good_request(subject)
    return usual_service(subject)


def _attempt(subject: Subject, service: Service) -> str:
    request, _ = good_request(subject)
    with serving(subject, service) as server:
        require(server.seconds is not None, server.problem)
        response = server.client.invocations(request)
        require(response.is_success, f"a request is answered {response.status}")
        return f"200 after {server.seconds or 0:.1f} s; a request is answered {response.status}"


condition = Conditions(_usual, _attempt)


@condition("hosting.any-user", Source.OBSERVED)
def any_user(_subject: Subject, service: Service) -> None:
    """Serverless endpoints run the container as a user without a name."""
    service.options += ANY_USER


@condition("hosting.read-only-root", Source.OBSERVED)
def read_only_root(_subject: Subject, service: Service) -> None:
    """On serverless endpoints nothing can be written but /tmp."""
    service.options += READ_ONLY_ROOT


@condition("hosting.bind-to-port", Source.DOCUMENTED)
def bind_to_port(subject: Subject, service: Service) -> None:
    """With the label accept-bind-to-port the port is told in SAGEMAKER_BIND_TO_PORT."""
    if not has_capability(subject, "accept-bind-to-port"):
        raise Skipped("the image has no label accept-bind-to-port")
    service.port = OTHER_PORT
    ports = f"SAGEMAKER_SAFE_PORT_RANGE={OTHER_PORT + 1}-{OTHER_PORT + 100}"
    service.options += ["--env", f"SAGEMAKER_BIND_TO_PORT={OTHER_PORT}", "--env", ports]


@condition("hosting.batch-environment", Source.DOCUMENTED)
def batch_environment(_subject: Subject, service: Service) -> None:
    """Batch transform sets SAGEMAKER_BATCH to true, local mode to True."""
    variables = {
        "BATCH": "True",
        "MAX_PAYLOAD_IN_MB": "6",
        "MAX_CONCURRENT_TRANSFORMS": "1",
        "BATCH_STRATEGY": "MULTI_RECORD",
    }
    for name, value in variables.items():
        service.options += ["--env", f"SAGEMAKER_{name}={value}"]


@condition("hosting.small-shared-memory", Source.OBSERVED, Severity.SHOULD)
def small_shared_memory(_subject: Subject, service: Service) -> None:
    """Shared memory, /dev/shm, is small and cannot be sized."""
    service.options += ["--shm-size", "1m"]
