"""An ordinary job: how it ends, what it leaves, what it prints."""

from check_image.outcome import Skipped, require
from check_image.rule import Severity, Source, rule
from check_image.runs import OTHER_DATA, does_not_learn_from_letters, good_job, usual_ended
from check_image.subject import Subject

MANGLED = {"\r": "a carriage return", "\t": "a tab"}
UNFINISHED = (".sagemaker-ignore", ".tmp", ".part")


@rule("training.succeeds", Source.DOCUMENTED)
def succeeds(subject: Subject) -> str:
    """Exit code 0 is success, and what lies in /opt/ml/model then becomes model.tar.gz."""
    ended = usual_ended(subject)
    if does_not_learn_from_letters(subject, ended):
        raise Skipped(OTHER_DATA)
    require(ended.succeeded, ended.trouble)
    return ended.summary


@rule("training.plain-files", Source.DOCUMENTED)
def plain_files(subject: Subject) -> str:
    """The model is packed as plain files: links in it are lost or lead nowhere."""
    model = good_job(subject).model
    paths = [path for path in model.rglob("*") if path.is_symlink() or not path.is_dir()]
    for path in paths:
        kind = "a link" if path.is_symlink() else "a hard link" if path.stat().st_nlink > 1 else ""
        require(not kind, f"{path.relative_to(model)} is {kind}")
        require(path.is_file(), f"{path.relative_to(model)} is no plain file")
    return f"{len(paths)} plain files"


@rule("training.log-lines", Source.OBSERVED, Severity.SHOULD)
def log_lines(subject: Subject) -> str:
    """Logs are read by the line for metrics; tabs and carriage returns arrive mangled."""
    log = good_job(subject).log.replace("\r\n", "\n")
    lines = log.removesuffix("\n").split("\n")
    for character, name in MANGLED.items():
        found = next((number for number, line in enumerate(lines, 1) if character in line), 0)
        require(not found, f"line {found} of {len(lines)} has {name}")
    require(log.endswith("\n"), "the last line has no end" if log else "nothing is printed")
    return f"{len(lines)} lines"


@rule("training.checkpoints", Source.OBSERVED, Severity.SHOULD)
def checkpoints(subject: Subject) -> str:
    """/opt/ml/checkpoints is uploaded while the job runs: files in it must be whole."""
    names = good_job(subject).checkpoints
    unfinished = [name for name in names if name.endswith(UNFINISHED)]
    require(not unfinished, f"left unfinished: {' '.join(unfinished)}")
    return f"{len(names)} files, all whole" if names else "none are written"
