"""One tuning job: draws hyperparameters, starts training jobs, and learns from their ends."""

import logging
import queue
import threading
from datetime import datetime
from typing import Any

import optuna

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.training.jobs import TrainingJobs
from textcnn.emulator.training.state import TrainingJob
from textcnn.emulator.tuning.children import Child, child_request, counters
from textcnn.emulator.tuning.ranges import grid, read_ranges

# The service gives up when so many jobs have failed and none has succeeded.
HOPELESS = 5
DIRECTIONS = {
    "Maximize": optuna.study.StudyDirection.MAXIMIZE,
    "Minimize": optuna.study.StudyDirection.MINIMIZE,
}
ENDED = frozenset({"Completed", "Failed", "Stopped"})

log = logging.getLogger(__name__)


class TuningJob:
    """A tuning job, run by a thread of its own."""

    def __init__(self, account: Account, request: dict[str, Any]) -> None:
        self.request = request
        self.name: str = request["HyperParameterTuningJobName"]
        self.arn = account.arn("hyper-parameter-tuning-job", self.name)
        self.configuration: dict[str, Any] = request["HyperParameterTuningJobConfig"]
        self.objective: dict[str, str] = self.configuration["HyperParameterTuningJobObjective"]
        self.children: list[Child] = []
        self.status = "InProgress"
        self.failure_reason: str | None = None
        self.created = self.changed = account.now()
        self.ended: datetime | None = None
        self._account = account
        self._ranges = read_ranges(self.configuration.get("ParameterRanges", {}))
        self._study, self._most = self._make_study()
        # Jobs that have ended; None asks to look whether this one is to stop.
        self._news: queue.SimpleQueue[TrainingJob | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def _make_study(self) -> tuple[optuna.Study, int]:
        """Return what draws hyperparameters, and how many training jobs there are at most."""
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        seed = self.configuration.get("RandomSeed")
        strategy = self.configuration["Strategy"]
        samplers = {"Bayesian": optuna.samplers.TPESampler}
        sampler = samplers.get(strategy, optuna.samplers.RandomSampler)(seed=seed)
        study = optuna.create_study(sampler=sampler, direction=DIRECTIONS[self.objective["Type"]])
        points = grid(self._ranges) if strategy == "Grid" else []
        for point in points:
            study.enqueue_trial(point)
        most = self.configuration["ResourceLimits"].get("MaxNumberOfTrainingJobs", len(points))
        return study, min(most, len(points)) if points else most

    def start(self) -> None:
        """Start the first training jobs; an error of their request is the caller's."""
        self._launch()
        self._thread.start()

    def stop(self) -> bool:
        """Begin to stop, the training jobs too; False where it has ended."""
        if self.status in ENDED:
            return False
        self._enter("Stopping")
        self._news.put(None)
        return True

    def close(self) -> None:
        """Kill the training jobs and wait for the end."""
        self.stop()
        for child in list(self.children):
            if not child.job.has_ended.is_set():
                self._account.part(TrainingJobs).kill(child.job.name)
        if self._thread.ident is not None:
            self._thread.join()

    def counters(self) -> dict[str, Any]:
        """Return how many training jobs there are, by status and by status of the objective."""
        return counters(list(self.children), self.objective["MetricName"])

    def best(self) -> Child | None:
        """Return the training job with the best final objective, if any has one."""
        metric = self.objective["MetricName"]
        judged = [child for child in list(self.children) if child.status(metric) == "Succeeded"]
        choose = max if self.objective["Type"] == "Maximize" else min
        return choose(judged, key=lambda child: child.objective(metric) or 0.0, default=None)

    def _run(self) -> None:
        try:
            self._go_on()
        except Exception:
            log.exception("tuning job %s failed", self.name)
            self._end("Failed", "InternalServerError: We encountered an internal error.")

    def _go_on(self) -> None:
        """Start jobs while there are any to start, and hear of the end of each."""
        parallel = self.configuration["ResourceLimits"]["MaxParallelTrainingJobs"]
        told: set[str] = set()
        while len(told) < len(self.children) or self._may_launch():
            running = len(self.children) - len(told)
            if self._may_launch() and running < parallel:
                self._launch()
                continue
            ended = self._news.get()
            if ended is None:
                self._stop_children()
            else:
                self._tell(ended)
                told.add(ended.name)
        self._end(*self._result())

    def _may_launch(self) -> bool:
        wanted = len(self.children) < self._most and not self._is_hopeless()
        return wanted and self.status == "InProgress"

    def _is_hopeless(self) -> bool:
        counted = self.counters()["ObjectiveStatusCounters"]
        return counted["Failed"] >= HOPELESS and not counted["Succeeded"]

    def _launch(self) -> None:
        trial = self._study.ask()
        drawn = {each.name: each.draw(trial) for each in self._ranges}
        request = child_request(self.request, len(self.children) + 1, drawn)
        job = self._account.part(TrainingJobs).create(request, self.arn, self._news.put)
        self.children.append(Child(job, trial, drawn))
        self.changed = self._account.now()

    def _tell(self, ended: TrainingJob) -> None:
        metric = self.objective["MetricName"]
        child = next(each for each in self.children if each.job is ended)
        if child.status(metric) == "Succeeded":
            self._study.tell(child.trial, child.objective(metric))
        else:
            self._study.tell(child.trial, state=optuna.trial.TrialState.FAIL)
        self.changed = self._account.now()

    def _stop_children(self) -> None:
        jobs = self._account.part(TrainingJobs)
        for child in self.children:
            try:
                jobs.stop(child.job.name)
            except ServiceError:
                continue  # it has ended meanwhile

    def _result(self) -> tuple[str, str | None]:
        if self.status == "Stopping":
            return "Stopped", None
        if self.best() is None:
            # aws/amazon-sagemaker-examples#2437
            return "Failed", (
                f"No training job succeeded after {len(self.children)} attempts. Please take a "
                "look at the training job failures to get more details."
            )
        return "Completed", None

    def _end(self, status: str, reason: str | None) -> None:
        self.failure_reason = reason
        self._enter(status)
        self.ended = self.changed

    def _enter(self, status: str) -> None:
        self.changed = self._account.now()
        self.status = status
