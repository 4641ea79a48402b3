"""A training job from start to end: what am I asked, documents, training, artifact."""

import logging

from text_classification.contract.channels import check_attributes, read_channels
from text_classification.contract.failure import explain, write_failure
from text_classification.contract.hosts import read_hosts
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings, read_settings
from text_classification.errors import Code, ResourceError
from text_classification.machine.environment import settle_blas
from text_classification.machine.log import log_to_stdout
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.job_folders import check_job_folders, scratch_folder

log = logging.getLogger(__name__)


def main() -> int:
    """Run the job that the environment describes and return its exit code."""
    settle_blas()
    stop = StopRequest()
    stop.listen()
    log_to_stdout()
    # It would warn of a missing home folder, where it cannot keep what it knows of fonts; Keras
    # imports it too.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    paths = Paths()
    try:
        settings = read_settings()
        paths = settings.paths
        run(settings, stop)
    except Stopped:
        log.info("stopped on request before the first step: there is no model to write")
    except Exception as error:
        explained = explain(error)
        log.error("%s", explained, exc_info=explained.code is Code.INTERNAL)
        write_failure(paths, error)
        return 1
    return 0


def run(settings: Settings, stop: StopRequest) -> None:
    """Train a model on the channels and write the artifact.

    Raises a ``TextClassificationError`` that says what is wrong with the job, and ``Stopped``
    when a stop was asked for before there is anything to save.
    """
    # Imported here: they import NumPy, which reads what ``main`` has set for BLAS.
    from text_classification.training.hosts.limits import check_hosts  # noqa: PLC0415
    from text_classification.training.hyperparameters.combination_checks import warn_of_unused  # noqa: PLC0415
    from text_classification.training.hyperparameters.default_recipe import tell_recipe  # noqa: PLC0415
    from text_classification.training.hyperparameters.job_search_space import search_space  # noqa: PLC0415
    from text_classification.training.hyperparameters.parse import read_hyperparameters  # noqa: PLC0415

    paths = settings.paths
    hyperparameters = read_hyperparameters(paths)
    search_space(hyperparameters)
    hosts = read_hosts(paths)
    check_hosts(hyperparameters, len(hosts.names))
    channels = read_channels(paths, hosts)
    check_attributes(channels, hyperparameters.manifest_attributes)
    # Imported here: a wrong hyperparameter is told at once, without loading what trains.
    try:
        from text_classification.training.hosts.agreement import agree_to_start  # noqa: PLC0415
        from text_classification.training.hosts.group import joined, together  # noqa: PLC0415
        from text_classification.training.inputs.initial_model import (  # noqa: PLC0415
            read_initial_model,
            with_vectors_settled,
        )
        from text_classification.training.inputs.memory_need import warn_of_memory  # noqa: PLC0415
        from text_classification.training.inputs.training_documents import read_documents  # noqa: PLC0415
        from text_classification.training.pipeline import fit_and_save  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ResourceError(
            Code.PROGRAM_MISSING,
            f"this image only serves: it has no module {error.name}",
            remedy="Train with the full image.",
        ) from None

    check_job_folders(paths)
    with scratch_folder(settings.scratch) as folder, joined(hosts, settings, stop) as group:
        if group:
            agree_to_start(group, settings, hyperparameters)
        with stop.interrupts():
            stop.check()  # a request of before, as during the imports, has interrupted nothing
            with together(group):
                initial, hyperparameters = read_initial_model(channels, hyperparameters, folder)
                tell_recipe(hyperparameters)
                warn_of_unused(hyperparameters)
                check_hosts(hyperparameters, len(hosts.names))
                warn_of_memory(channels, hyperparameters)
            documents = read_documents(channels, hyperparameters, folder, initial, group)
        hyperparameters = with_vectors_settled(hyperparameters, documents.start)
        if group:
            documents, stop = documents.shared_by(group), group.stop
        fit_and_save(documents, hyperparameters, settings, folder, stop)
