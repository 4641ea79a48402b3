"""The folders of the container contract; the only module that knows ``/opt/ml``."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_ROOT = Path("/opt/ml")


@dataclass(frozen=True)
class Paths:
    """One attribute a path, below a root that tests and local runs can move."""

    root: Path = DEFAULT_ROOT

    @property
    def hyperparameters(self) -> Path:
        """The job's hyperparameters: a flat object of strings."""
        return self.root / "input/config/hyperparameters.json"

    @property
    def input_data_config(self) -> Path:
        """The job's channels and how each is delivered."""
        return self.root / "input/config/inputdataconfig.json"

    @property
    def resource_config(self) -> Path:
        """The hosts of the job and the name of this one."""
        return self.root / "input/config/resourceconfig.json"

    @property
    def data(self) -> Path:
        """The folder with one folder a channel."""
        return self.root / "input/data"

    @property
    def model(self) -> Path:
        """The artifact: written by training, read by serving."""
        return self.root / "model"

    @property
    def output_data(self) -> Path:
        """Whatever else the job wants to keep: it becomes output.tar.gz."""
        return self.root / "output/data"

    @property
    def checkpoints(self) -> Path:
        """What a job that was interrupted goes on from; there only where the job asked for it."""
        return self.root / "checkpoints"

    @property
    def failure(self) -> Path:
        """The file whose first 1024 characters become the job's FailureReason."""
        return self.root / "output/failure"

    @property
    def training_input_exists(self) -> bool:
        """Whether this looks like the inside of a training job."""
        return self.data.is_dir() or self.hyperparameters.is_file()
