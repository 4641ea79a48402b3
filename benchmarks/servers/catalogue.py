"""The servers that are compared: each as its makers say it should run, with a worker a processor.

In the words of a command, {python} and {bin} are of the environment that the server has, {port} is
where it listens, {workers} how many workers it has, and {folder} the training job with its model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.servers.request_format import FASTAPI_LINES, JSON, JSON_LINES, TENSOR, RequestFormat


@dataclass(frozen=True)
class Server:
    """A program that answers with labels.

    environment: requirements/bench-NAME.txt has what it needs; by default it has the benchmark's
    own. variables: what its environment says besides what all are told. ready: the address that
    is answered 200 when it can answer. single, batch: how it is asked one document, and many; None
    where it is not.
    """

    command: tuple[str, ...]
    environment: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    ready: str = "/ping"
    single: RequestFormat = JSON
    batch: RequestFormat | None = JSON_LINES


def _on_our_stack(application: str, *options: str) -> tuple[str, ...]:
    module = f"benchmarks.applications.{application}:app"
    return ("{python}", "-m", "benchmarks.servers.stack", *options, module)


OURS, CONSTANT, KERAS = "ours", "constant", "keras_flask"

SERVERS = {
    OURS: Server(("{python}", "-P", "container/text_classification/serve")),
    CONSTANT: Server(_on_our_stack("constant"), batch=None),
    # As SageMaker's samples: each worker loads its own model and answers a request at a time.
    KERAS: Server(_on_our_stack("keras_flask", "--each-loads", "--worker-class=sync")),
    # A session must not be forked.
    "onnx_flask": Server(_on_our_stack("onnx_flask", "--each-loads")),
    "onnx_fastapi": Server(
        (
            *("{python}", "-m", "uvicorn", "--host=127.0.0.1", "--port={port}"),
            *("--workers={workers}", "--no-access-log"),
            "benchmarks.applications.onnx_fastapi:app",
        ),
        environment="fastapi",
        batch=FASTAPI_LINES,
    ),
    "onnx_litserve": Server(
        ("{python}", "-m", "benchmarks.applications.onnx_litserve"),
        environment="litserve",
        batch=JSON,
    ),
    "onnx_bentoml": Server(
        (
            *("{bin}/bentoml", "serve", "--host=127.0.0.1", "--port={port}"),
            "benchmarks.applications.onnx_bentoml:Endpoint",
        ),
        environment="bentoml",
        variables={"BENTOML_DO_NOT_TRACK": "True", "BENTOML_HOME": "{folder}/peers/bentoml"},
        ready="/readyz",
        batch=JSON,
    ),
    "onnx_mlserver": Server(
        ("{bin}/mlserver", "start", "{folder}/peers/kim"),
        environment="mlserver",
        variables={
            "MLSERVER_HOST": "127.0.0.1",
            "MLSERVER_HTTP_PORT": "{port}",
            "MLSERVER_GRPC_PORT": "0",
            "MLSERVER_METRICS_ENDPOINT": "",
            "MLSERVER_PARALLEL_WORKERS": "{workers}",
        },
        ready="/v2/models/kim/ready",
        single=TENSOR,
        batch=TENSOR,
    ),
    "linear_flask": Server(_on_our_stack("linear_flask")),
}
