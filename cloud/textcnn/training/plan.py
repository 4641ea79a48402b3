"""What is going to be done and what it costs, before it is."""

from collections.abc import Sequence

from textcnn import durations, pricing
from textcnn.options import Context
from textcnn.training.request import Asked, machines
from textcnn.training.upload import Upload
from textcnn.training.wish import Wish

UNITS = ("bytes", "kB", "MB", "GB")


def tell(context: Context, wish: Wish, asked: Asked, absent: Sequence[Upload], job: str) -> None:
    """Tell the plan, a line for each thing that a person may want to change."""
    machine = asked.machine
    channels = ", ".join(source.channel for source in asked.sources)
    sent = sum(upload.file.size for upload in absent)
    upload = f"; {size(sent)} to upload" if sent else ""
    several = f", {wish.tuning_jobs} jobs, {wish.parallel} at a time" if wish.tuning_jobs else ""
    spot = ", on spot instances" if machine.spot else ""
    kind = machines(machine.instance_count, machine.instance_type)
    for label, value in (
        ("data", f"{wish.data}: {channels}{upload}"),
        ("image", asked.image.label),
        ("machine", f"{kind}{spot}{several}, for {durations.write(machine.max_seconds)} at most"),
        ("price", _price(context, wish, asked)),
        ("job", job),
    ):
        context.output.say(f"{label:<9}{value}")


def _price(context: Context, wish: Wish, asked: Asked) -> str:
    machine = asked.machine
    price = pricing.instance_price(context.aws, machine.instance_type, pricing.Component.TRAINING)
    if price is None:
        return "unknown"
    at_once = min(wish.parallel, wish.tuning_jobs) if wish.tuning_jobs else 1
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
