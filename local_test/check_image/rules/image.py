"""The image as it lies there: nothing is run but to look whether it can be."""

from typing import Any

from check_image.engine import CannotStart
from check_image.limits import SERVERLESS_GIGABYTES
from check_image.outcome import Skipped, require
from check_image.rule import Severity, Source, rule
from check_image.subject import Subject

CAPABILITIES = "com.amazonaws.sagemaker.capabilities."
KNOWN_CAPABILITIES = ("accept-bind-to-port", "multi-models")
SHELLS = ("sh", "bash", "dash", "ash", "zsh", "ksh")
INIT_PROGRAMS = ("tini", "tini-static", "dumb-init", "docker-init")
INDEXES = ("application/vnd.oci.image.index", "application/vnd.docker.distribution.manifest.list")


@rule("image.platform", Source.OBSERVED)
def platform(subject: Subject) -> str:
    """Instances run linux/amd64 (Graviton linux/arm64); else: "exec format error"."""
    described = _description(subject)
    found = f"{described.get('Os')}/{described.get('Architecture')}"
    require(found == "linux/amd64", f"{found}: build with --platform linux/amd64")
    return found


@rule("image.entry-point", Source.DOCUMENTED)
def entry_point(subject: Subject) -> str:
    """The verb is appended to the entry point; a shell in front of it loses verb and signals."""
    command = _entry_point(subject)
    if not command:
        return "none: the verb is the program"
    shown = " ".join(command)
    require(
        not _runs_a_string(command),
        f"a shell runs one string, without the verb: {shown}; write ENTRYPOINT as a JSON list "
        "that begins with the program",
    )
    return f"exec form: {shown}"


@rule("image.no-init", Source.DOCUMENTED, Severity.SHOULD)
def no_init(subject: Subject) -> str:
    """Programs such as tini are not supported as entry point."""
    program = _name(next(iter(_entry_point(subject)), ""))
    require(program not in INIT_PROGRAMS, f"the entry point is {program}")
    return f"the entry point is {program or 'the verb'}"


@rule("image.commands", Source.DOCUMENTED)
def commands(subject: Subject) -> str:
    """Without an entry point, programs called train and serve must be found on PATH."""
    if _entry_point(subject):
        raise Skipped("there is an entry point, which the verb is given to")
    missing = [verb for verb in ("train", "serve") if not _can_start(subject, verb)]
    require(not missing, f"not found, or not executable: {' '.join(missing)}")
    return "train and serve can be started"


@rule("image.user", Source.DOCUMENTED, Severity.SHOULD)
def user(subject: Subject) -> str:
    """Containers run as root: a USER of the image's own may not read or write /opt/ml."""
    name = str(_configuration(subject).get("User", ""))
    require(name.partition(":")[0] in {"", "0", "root"}, f"USER {name}")
    return f"USER {name}" if name else "no USER"


@rule("image.size", Source.DOCUMENTED, Severity.SHOULD)
def size(subject: Subject) -> str:
    """Serverless endpoints take images of at most 10 GB."""
    gigabytes = int(_description(subject)["Size"]) / 1e9
    require(gigabytes <= SERVERLESS_GIGABYTES, f"{gigabytes:.1f} GB")
    return f"{gigabytes:.2f} GB, unpacked"


@rule("image.labels", Source.DOCUMENTED)
def labels(subject: Subject) -> str:
    """A capability is granted by its label, with the value true."""
    found = _configuration(subject).get("Labels") or {}
    own = {name: value for name, value in found.items() if name.startswith(CAPABILITIES)}
    for name, value in own.items():
        known = name.removeprefix(CAPABILITIES) in KNOWN_CAPABILITIES
        require(known, f"there is no capability {name}")
        require(value in {"true", "false"}, f"{name}={value}: it must be true")
    return ", ".join(f"{name.removeprefix(CAPABILITIES)}={own[name]}" for name in own) or "none"


@rule("image.nothing-baked-in", Source.DOCUMENTED, Severity.SHOULD)
def nothing_baked_in(subject: Subject) -> str:
    """/opt/ml is mounted over: what the image holds there is not seen."""
    container = subject.engine.create(subject.image, [], ["look"])
    folder = subject.folder()
    container.fetch("/opt/ml", folder)
    container.remove()
    files = [path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()]
    require(not files, f"{len(files)} files, such as /opt/{next(iter(files), '')}")
    return "/opt/ml holds no files"


@rule("image.manifest", Source.OBSERVED)
def manifest(subject: Subject) -> str:
    """Image indexes, which is how attestations come, are refused."""
    media_type = str(_description(subject).get("Descriptor", {}).get("mediaType", ""))
    if not media_type:
        raise Skipped("this engine makes the manifest when it pushes: look at it then")
    index = media_type.startswith(INDEXES)
    require(not index, f"{media_type}: build with --provenance=false --sbom=false")
    return media_type


def has_capability(subject: Subject, name: str) -> bool:
    """Whether a label grants the capability."""
    found = _configuration(subject).get("Labels") or {}
    return found.get(f"{CAPABILITIES}{name}") == "true"


def has_program(subject: Subject) -> bool:
    """Whether a container can be run without an argument: an entry point or a command is there."""
    return bool(_entry_point(subject) or _configuration(subject).get("Cmd"))


def _description(subject: Subject) -> dict[str, Any]:
    return subject.engine.description(subject.image)


def _configuration(subject: Subject) -> dict[str, Any]:
    configuration: dict[str, Any] = _description(subject).get("Config") or {}
    return configuration


def _entry_point(subject: Subject) -> list[str]:
    found = _configuration(subject).get("Entrypoint") or []
    return [found] if isinstance(found, str) else list(found)


def _runs_a_string(command: list[str]) -> bool:
    """Whether a command is a shell with the option -c, alone or among others, as in -lc."""
    words = command[1:] if _name(command[0]) == "env" else command
    if not words or _name(words[0]) not in SHELLS:
        return False
    options = iter(words[1:])
    for option in options:
        if not option.startswith(("-", "+")):
            return False
        if "c" in option and not option.startswith("--"):
            return True
        if option.endswith(("o", "O")):  # its value is the next word
            next(options, None)
    return False


def _name(program: str) -> str:
    return program.rpartition("/")[2]


def _can_start(subject: Subject, program: str) -> bool:
    """Whether a program is found and may be executed; it is killed at once."""
    container = subject.engine.create(subject.image, ["--network", "none"], [program])
    try:
        container.start()
    except CannotStart:
        return False
    finally:
        container.remove()
    return True
