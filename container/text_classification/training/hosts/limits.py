"""What a job on several hosts cannot ask for: refused by name, before anything is read."""

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.errors import Code, ConfigurationError


def check_hosts(chosen: Hyperparameters, hosts: int) -> None:
    """Raise ``ConfigurationError`` for hyperparameters that so many hosts do not train together."""
    if hosts == 1:
        return
    kind = recipes()[chosen.recipe].architecture(chosen)
    one = "or use one instance"
    for is_refused, what, remedy in (
        (
            "fast" not in kind.engines,
            f"recipe={chosen.recipe} with {kind.architecture}",
            f"Set recipe to kim or wide, with pooling=max; {one}.",
        ),
        (chosen.engine == "keras", "engine=keras", f"Set engine to auto; {one}."),
        (
            chosen.tuning_trials > 0 and not chosen.study_storage.get_secret_value(),
            "tuning without study_storage",
            f"Set study_storage to a database that all hosts reach; {one}.",
        ),
    ):
        if is_refused:
            raise ConfigurationError(
                Code.HOSTS_UNSUPPORTED,
                f"{what} does not train on several hosts, and the job has {hosts}",
                remedy=remedy,
            )
