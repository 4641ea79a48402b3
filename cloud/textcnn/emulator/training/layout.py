"""One host's /opt/ml, as the service lays it out before a container starts."""

import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from textcnn.emulator.objects import Objects
from textcnn.emulator.training.channels import deliver, input_mode
from textcnn.emulator.training.pipe_contents import contents
from textcnn.emulator.training.pipes import Pipes

WRITABLE = ("model", "output/data", "checkpoints")
INTERFACE = "eth0"
# The name of the one group of a job without instance groups, as containers' logs show it.
GROUP = "homogeneousCluster"


def host_names(request: Mapping[str, Any]) -> list[str]:
    """Return the names of a job's hosts: algo-1, algo-2, ..."""
    count = request["ResourceConfig"]["InstanceCount"]
    return [f"algo-{number}" for number in range(1, count + 1)]


def lay_out(root: Path, request: Mapping[str, Any], host: str, objects: Objects) -> None:
    """Make a host's folder anew: configuration, channels, and folders to write to."""
    shutil.rmtree(root, ignore_errors=True)
    hosts = host_names(request)
    configuration = {
        "hyperparameters": request.get("HyperParameters", {}),
        "inputdataconfig": input_data_config(request),
        "resourceconfig": resource_config(request, host),
    }
    (root / "input/config").mkdir(parents=True)
    for name, content in configuration.items():
        (root / f"input/config/{name}.json").write_text(json.dumps(content), "utf-8")
    (root / "input/data").mkdir()
    for channel in request.get("InputDataConfig", []):
        if input_mode(channel, request) != "Pipe":
            deliver(objects, channel, root / "input/data", hosts.index(host), len(hosts))
    for name in WRITABLE:
        (root / name).mkdir(parents=True)
        (root / name).chmod(0o777)  # the container may run as any user
    (root / "output").chmod(0o777)


def make_pipes(root: Path, request: Mapping[str, Any], host: str, objects: Objects) -> list[Pipes]:
    """Make the first pipe of each channel that a host reads in Pipe mode."""
    hosts = host_names(request)
    return [
        Pipes(
            root / "input/data",
            channel["ChannelName"],
            partial(contents, objects, channel, hosts.index(host), len(hosts)),
        )
        for channel in request.get("InputDataConfig", [])
        if input_mode(channel, request) == "Pipe"
    ]


def input_data_config(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputdataconfig.json: how each channel is delivered; FastFile is reported as File."""
    described = {}
    for channel in request.get("InputDataConfig", []):
        source = channel["DataSource"]["S3DataSource"]
        options = {
            "TrainingInputMode": "Pipe" if input_mode(channel, request) == "Pipe" else "File",
            "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
            "ContentType": channel.get("ContentType"),
            "CompressionType": channel.get("CompressionType"),
        }
        described[channel["ChannelName"]] = {
            name: value for name, value in options.items() if value is not None
        }
    return described


def resource_config(request: Mapping[str, Any], host: str) -> dict[str, Any]:
    """Return resourceconfig.json: the hosts, and which of them this is."""
    hosts, kind = host_names(request), request["ResourceConfig"]["InstanceType"]
    return {
        "current_host": host,
        "current_instance_type": kind,
        "current_group_name": GROUP,
        "hosts": hosts,
        "instance_groups": [{"instance_group_name": GROUP, "instance_type": kind, "hosts": hosts}],
        "network_interface_name": INTERFACE,
    }
