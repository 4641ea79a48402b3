"""The command ``textcnn``: what it does is in ``commands/``, what goes wrong is told here."""

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from textcnn.commands.ask import ask
from textcnn.commands.batch import batch
from textcnn.commands.deploy import deploy
from textcnn.commands.doctor import doctor
from textcnn.commands.drift import drift
from textcnn.commands.emulator import emulator
from textcnn.commands.ls import ls
from textcnn.commands.page import app as page
from textcnn.commands.rm import rm
from textcnn.commands.setup import setup
from textcnn.commands.train import train
from textcnn.errors import CommandError, Exit
from textcnn.explain import explain

HELP = """Text classification on Amazon SageMaker: train, deploy, ask, and take down.

Where AWS_ENDPOINT_URL points at `textcnn emulator`, all of it happens on this machine.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by AWS, 4 not found, 130 interrupted.
"""

app = typer.Typer(
    name="textcnn",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@app.callback(help=HELP)
def root() -> None:
    """Have nothing to do: only so that a single command is not taken for the program itself."""


app.command()(setup)
app.command()(doctor)
app.command()(train)
app.command()(deploy)
app.command()(ask)
app.command()(batch)
app.add_typer(page)
app.command()(ls)
app.command()(rm)
app.command()(drift)
app.command()(emulator)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    command = typer.main.get_command(app)
    try:
        code = command.main(arguments, prog_name="textcnn", standalone_mode=False)
    except CommandError as error:
        return _tell(error)
    except (ClientError, BotoCoreError, OSError) as error:
        return _tell(explain(error))
    except typer.TyperException as error:
        message = _usage_message(error)
        if not message:  # the help was shown instead
            return Exit.USAGE
        return _tell(CommandError(message, _usage_remedy(error), Exit.USAGE))
    except (KeyboardInterrupt, typer.Abort):
        return _tell(
            CommandError("interrupted", "Give the same command again to go on.", Exit.INTERRUPTED)
        )
    return code if isinstance(code, int) else Exit.DONE


def _usage_message(error: typer.TyperException) -> str:
    formatted = getattr(error, "format_message", None)
    return str(formatted() if formatted else error).rstrip(".")


def _usage_remedy(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "textcnn"
    return f"`{command} --help` shows what there is, with an example."


def _tell(error: CommandError) -> int:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[red]error:[/] {escape(error.message)}")
    if error.remedy:
        console.print(escape(error.remedy))
    return error.code


if __name__ == "__main__":
    sys.exit(main())
