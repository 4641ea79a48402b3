"""A job that cannot succeed: its channels hold nothing."""

from check_image import limits
from check_image.job import Ended, run_job, usual_job
from check_image.memoize import memoize
from check_image.outcome import Failed, one_line, require
from check_image.rule import Severity, Source, rule
from check_image.rules.image import has_program
from check_image.runs import good_job
from check_image.subject import Subject


@rule("training.failure-exit", Source.DOCUMENTED)
def failure_exit(subject: Subject) -> str:
    """A job has failed if its exit code is not 0, and only then."""
    ended = _without_data(subject)
    require(ended.code is not None, ended.trouble)
    require(ended.code, f"without any data: {ended.trouble}")
    return f"without any data: exit code {ended.code} after {ended.seconds:.1f} s"


@rule("training.failure-file", Source.DOCUMENTED)
def failure_file(subject: Subject) -> str:
    """The first 1024 characters of /opt/ml/output/failure are told as the reason of a failure."""
    reason = _reason(_without_data(subject))
    require(all(c.isprintable() or c in "\n\r\t" for c in reason), "it has control characters")
    return one_line(reason, 160)


@rule("training.failure-cause-first", Source.INFERRED, Severity.SHOULD)
def failure_cause_first(subject: Subject) -> str:
    """A traceback that comes first fills the reason before its last line, which has the cause."""
    first = _reason(_without_data(subject)).lstrip().partition("\n")[0]
    require(not first.startswith("Traceback"), f"it begins with: {one_line(first)}")
    return f"it begins with: {one_line(first, 100)}"


@rule("training.bare-start", Source.OBSERVED, Severity.SHOULD)
def bare_start(subject: Subject) -> str:
    """ContainerEntrypoint and local mode may pass no verb: with training input, train."""
    train = _without_data(subject)
    require(has_program(subject), "the image has neither an entry point nor a command")
    job = usual_job(subject)
    job.empty_channels, job.command = True, []
    ended = run_job(subject, job, limits.BARE_START_SECONDS + 2 * train.seconds)
    still = f"it still runs after {ended.seconds:.0f} s, as a server does; train fails at once"
    require(ended.code is not None, still)
    require(ended.code, f"without any data: {ended.trouble}")
    require(ended.failure == train.failure, "it does not fail as train does")
    return "it fails as train does where there is no data"


@memoize
def _without_data(subject: Subject) -> Ended:
    good_job(subject)
    job = usual_job(subject)
    job.empty_channels = True
    return run_job(subject, job)


def _reason(ended: Ended) -> str:
    """Return what the platform tells of the failure file."""
    require(ended.failure.strip(), "there is no failure file, or nothing in it")
    try:
        reason = ended.failure.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failed(f"byte {error.start} is not UTF-8") from None
    return reason[: limits.REASON_CHARACTERS]
