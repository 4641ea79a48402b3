"""The entry point of the image, and of both its commands: ``train``, ``serve``, or nothing."""

import sys

USAGE = """\
usage: docker run IMAGE [train | serve]

  train   train a model on the channels below /opt/ml/input and write it to /opt/ml/model
  serve   serve the model in /opt/ml/model on port 8080: GET /ping, POST /invocations

Neither takes arguments: hyperparameters stand in /opt/ml/input/config/hyperparameters.json,
settings in environment variables. Without a command, train if there is a training input below
/opt/ml, which is how SageMaker's local mode and ContainerEntrypoint may start the image. See
README.md.
"""


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code: 2 and the usage when there is none to run."""
    if arguments[-1:] in (["--help"], ["-h"], ["help"]):
        sys.stdout.write(USAGE)
        return 0
    if arguments == ["serve"]:
        from text_classification.serving.server.command import main as serve  # noqa: PLC0415

        return serve()
    if arguments == ["train"] or (not arguments and _training_input_exists()):
        from text_classification.training.job import main as train  # noqa: PLC0415

        return train()
    if arguments:
        sys.stderr.write(f"there is no command '{' '.join(arguments)}'\n")
    sys.stderr.write(USAGE)
    return 2


def _training_input_exists() -> bool:
    # Here, since the server shall start quickly.
    from text_classification.contract.settings import read_settings  # noqa: PLC0415

    return read_settings().paths.training_input_exists


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
