"""Jobs on several hosts: processes that meet at the loopback address."""

import json
import re
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from letters import letters
from tests.support.hosts import Hosts, model_files
from tests.support.namespaces import are_possible, namespaces
from tests.support.postgres import PLACES, postgres
from tests.support.skipping import skip
from tests.support.training import TRAIN

pytestmark = pytest.mark.long

SHARDED = {"TrainingInputMode": "File", "S3DistributionType": "ShardedByS3Key"}
ROWS = [(each.label, each.text) for each in letters(120, seed=1)]


def _hosts(root: Path, count: int, **hyperparameters: str) -> Hosts:
    hosts = Hosts(root, count, **hyperparameters)
    hosts.write_csv("training/a.csv", ROWS)
    return hosts


def _wait_for(process: subprocess.Popen[str], text: str) -> str:
    """Return what a process has printed up to a line that holds a text."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def test_one_two_and_three_hosts_leave_the_same_model(tmp_path: Path) -> None:
    """Alone, with all files on each of two, and with one on each of three; the first alone writes.

    Bit for bit, n-grams included; one draws the curves of the metrics.
    """
    files = {f"training/{name}.csv": ROWS[start::3] for start, name in enumerate("abc")}
    expected = None
    for count in (1, 2, 3):
        hosts = Hosts(tmp_path / str(count), count, recipe="wide")
        for place, (file, rows) in enumerate(files.items()):
            for host in hosts.each if count < 3 else [hosts.each[-1 - place]]:
                host.write_csv(file, rows)
        if count == 3:
            hosts.configure("inputdataconfig.json", {"training": SHARDED})
        jobs = hosts.run()
        assert [job.code for job in jobs] == [0] * count, jobs
        found = model_files(hosts.first)
        expected = expected or found
        assert found == expected
        assert {"weights.safetensors", "ngrams.safetensors"} <= set(found)
        for host, job in zip(hosts.each[1:], jobs[1:], strict=True):
            assert not list(host.model.iterdir())
            assert not list(host.output_data.iterdir())
            assert "epoch 1" in job.output
            assert "validation_loss=" not in job.output


def test_hosts_share_out_folds_and_come_to_what_one_host_comes_to(tmp_path: Path) -> None:
    """Three folds on two hosts: each is trained once, all judge the one model, bit for bit."""
    folds = {"folds": "3", "processes": "1", "epochs": "3"}
    one, two = (_hosts(tmp_path / str(count), count, **folds) for count in (1, 2))
    jobs = [*one.run(), *two.run()]
    assert [job.code for job in jobs] == [0, 0, 0], jobs
    assert model_files(one.first) == model_files(two.first)
    alone, shared = (
        json.loads((hosts.first.output_data / "metrics.json").read_text())["cross_validation"]
        for hosts in (one, two)
    )
    assert alone == shared
    assert [len(re.findall(r"fold \d: done", job.output)) for job in jobs] == [3, 2, 1]
    assert not list(two.each[1].model.iterdir())


@pytest.mark.exhaustive
def test_hosts_add_to_one_study(tmp_path: Path) -> None:
    """Each trial is done once, by one of two hosts; the best is trained by both."""
    if not PLACES:
        skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        study = {"tuning_trials": "4", "tuning_epochs": "2", "study_storage": url}
        space = json.dumps({"filters": [8, 16]})
        hosts = _hosts(tmp_path, 2, **study, search_space=space, processes="1", filters="")
        jobs = hosts.run()
    assert [job.code for job in jobs] == [0, 0], jobs
    done = [len(re.findall("tuning_value=", job.output)) for job in jobs]
    assert all(done)
    trials = json.loads((hosts.first.output_data / "metrics.json").read_text())["tuning"]["trials"]
    assert len(trials) == sum(done)
    assert 4 <= sum(done) <= 5  # both may begin the last at the same moment
    assert all("epoch 1:" in job.output.rpartition("tuning_value=")[2] for job in jobs)


def test_sigterm_to_one_host_stops_all_and_a_restart_goes_on(tmp_path: Path) -> None:
    """The model so far is saved by the first; with its checkpoints all end as if never stopped."""
    hosts = _hosts(tmp_path, 2, epochs="2000", patience="2000")
    (hosts.first.root / "checkpoints").mkdir()
    processes = hosts.start()
    _wait_for(processes[0], "epoch 2:")
    processes[1].send_signal(signal.SIGTERM)
    jobs = hosts.finish(processes)
    assert [job.code for job in jobs] == [0, 0], jobs
    assert all("stopped on request in epoch" in job.output for job in jobs)
    assert model_files(hosts.first)
    stopped = sorted((hosts.first.root / "checkpoints").iterdir())
    epochs = str(int(stopped[-1].name.split("-")[1]) + 2)

    again = {"epochs": epochs, "patience": epochs}
    hosts.configure("hyperparameters.json", {**hosts.hyperparameters, **again})
    jobs = hosts.run()
    assert [job.code for job in jobs] == [0, 0], jobs
    assert "going on from checkpoint-" in jobs[0].output
    assert "epoch 1:" not in jobs[1].output
    straight = _hosts(tmp_path / "straight", 1, **again)
    assert straight.run()[0].code == 0
    assert model_files(hosts.first) == model_files(straight.first)


def test_a_killed_host_ends_the_others_with_a_failure_file(tmp_path: Path) -> None:
    """Within a moment, by a code of its own."""
    hosts = _hosts(tmp_path, 3, epochs="2000", patience="2000")
    processes = hosts.start()
    _wait_for(processes[0], "epoch 1:")
    processes[2].kill()
    jobs = hosts.finish(processes)
    assert [job.code for job in jobs] == [1, 1, -9]
    for job in jobs[:2]:
        assert job.failure.startswith("HOST_LOST: another host of the job is lost (")
        assert "HOST_LOST" in job.output


@pytest.mark.skipif(not are_possible(), reason="no network namespaces can be made here")
def test_hosts_find_each_other_by_name_and_tell_one_that_falls_silent(tmp_path: Path) -> None:
    """On a network of their own, where a host that is cut off says nothing, not even an end."""
    hosts = _hosts(tmp_path / "hosts", 2, epochs="2000", patience="2000")
    with namespaces(hosts.names, tmp_path) as machines:
        processes = [
            host.start(machines.command(number, TRAIN), HOST_STEP_SECONDS="3")
            for number, host in enumerate(hosts.each)
        ]
        _wait_for(processes[0], "epoch 1:")
        machines.cut_off(1)
        jobs = hosts.finish(processes)
    assert [job.code for job in jobs] == [1, 1], jobs
    for job in jobs:
        assert job.failure.startswith("HOST_LOST: another host of the job is lost (")
