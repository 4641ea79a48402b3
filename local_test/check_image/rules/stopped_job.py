"""A job that is stopped half-way."""

from dataclasses import dataclass

from check_image import limits
from check_image.job import Ended, JobRun, usual_job
from check_image.memoize import memoize
from check_image.outcome import Skipped, require
from check_image.rule import Source, rule
from check_image.runs import good_job
from check_image.server import MODEL, Service, model_volume, serving
from check_image.subject import Subject

# Of the time that was left, a job that was not stopped needs about all.
UNSTOPPED = 0.7
FEW_LINES = 4


@dataclass(frozen=True)
class Stopped:
    """ended: how the job ended; at: seconds from its start to SIGTERM."""

    ended: Ended
    at: float

    @property
    def took(self) -> float:
        """Seconds from SIGTERM to the end."""
        return self.ended.seconds - self.at


@rule("training.stop", Source.DOCUMENTED)
def stop(subject: Subject) -> str:
    """Stops, time limits and spot reclaims send SIGTERM, and SIGKILL 120 s later."""
    stopped, usual = _stopped(subject), good_job(subject)
    require(stopped.ended.code is not None, f"it ran on for {limits.STOP_JOB_SECONDS:.0f} s")
    finished = _lines(stopped.ended.log) >= _lines(usual.log)
    late = stopped.took > UNSTOPPED * (usual.seconds - stopped.at)
    require(not (finished and late), "it went on to its usual end as if it had not heard")
    require(stopped.ended.code == 0, stopped.ended.trouble)
    return f"exit code 0, {stopped.took:.1f} s after SIGTERM at {stopped.at:.1f} s"


@rule("training.stop-leaves-model", Source.INFERRED)
def stop_leaves_model(subject: Subject) -> str:
    """What lies in /opt/ml/model when a stopped job ends is uploaded: it must be a whole model."""
    ended = _stopped(subject).ended
    require(ended.model_files, "there is no model")
    with serving(subject, Service({MODEL: model_volume(subject, ended.model)})) as server:
        require(server.seconds is not None, f"it cannot be served: {server.problem}")
    return f"{len(ended.model_files)} files, which can be served"


@memoize
def _stopped(subject: Subject) -> Stopped:
    """Stop a job half-way."""
    usual = good_job(subject)
    run = JobRun(subject, usual_job(subject))
    run.start()
    _wait_half(run, usual, subject.job_seconds)
    at, heard = run.seconds, run.container.terminate()
    ended = run.end(limits.STOP_JOB_SECONDS)
    if not heard:
        raise Skipped("the job was over before it could be stopped: give it more to do")
    return Stopped(ended, at)


def _wait_half(run: JobRun, usual: Ended, limit: float) -> None:
    """Wait until a job has printed half of what the ordinary one printed.

    The log keeps pace with the work on a machine that is now fast, now slow; the clock stands in
    where next to nothing is printed.
    """
    lines = _lines(usual.log)
    if lines < FEW_LINES:
        run.container.wait(usual.seconds / 2)
    else:
        run.container.wait_for_lines(lines // 2, limit)


def _lines(log: str) -> int:
    return sum(bool(line.strip()) for line in log.splitlines())
