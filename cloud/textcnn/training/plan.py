"""What is going to be done and what it costs, before it is."""

from collections.abc import Sequence

from textcnn import durations, pricing
from textcnn.options import Context
from textcnn.training.job_options import JobOptions
from textcnn.training.request import JobSpecification, machines
from textcnn.training.upload import Upload

UNITS = ("bytes", "kB", "MB", "GB")


def tell(
    context: Context,
    options: JobOptions,
    specification: JobSpecification,
    absent: Sequence[Upload],
    job: str,
) -> None:
    """Tell the plan, a line for each thing that a person may want to change."""
    machine = specification.machine
    channels = ", ".join(source.channel for source in specification.sources)
    sent = sum(upload.file.size for upload in absent)
    upload = f"; {size(sent)} to upload" if sent else ""
    several = (
        f", {options.tuning_jobs} jobs, {options.parallel} at a time" if options.tuning_jobs else ""
    )
    spot = ", on spot instances" if machine.spot else ""
    kind = machines(machine.instance_count, machine.instance_type)
    for label, value in (
        ("data", f"{options.data}: {channels}{upload}"),
        ("image", specification.image.label),
        ("machine", f"{kind}{spot}{several}, for {durations.write(machine.max_seconds)} at most"),
        ("price", _price(context, options, specification)),
        ("job", job),
    ):
        context.output.say(f"{label:<9}{value}")


def _price(context: Context, options: JobOptions, specification: JobSpecification) -> str:
    machine = specification.machine
    price = pricing.instance_price(context.aws, machine.instance_type, pricing.Component.TRAINING)
    if price is None:
        return "unknown"
    at_once = min(options.parallel, options.tuning_jobs) if options.tuning_jobs else 1
    hourly = pricing.tell(price.times(machine.instance_count * at_once))
    return f"{hourly} on demand; spot instances cost less" if machine.spot else hourly


def size(number: float) -> str:
    """Return a number of bytes as people read it.

    >>> size(950), size(1_375_473)
    ('950 bytes', '1.4 MB')
    """
    unit = 0
    while number >= 1000 and unit < len(UNITS) - 1:  # noqa: PLR2004 - a thousand
        number /= 1000
        unit += 1
    return f"{number:.1f} {UNITS[unit]}" if unit else f"{number:.0f} {UNITS[unit]}"
