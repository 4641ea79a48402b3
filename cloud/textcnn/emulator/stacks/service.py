"""The service, and the errors that it has for stacks and templates."""

from textcnn.emulator.operations import Operations
from textcnn.emulator.protocol.errors import ServiceError

cloudformation = Operations("cloudformation")


class ValidationError(ServiceError):
    """A template, a parameter or a state does not allow it."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationError", message)


class AlreadyExists(ServiceError):
    """There is a stack or change set of that name."""

    def __init__(self, message: str) -> None:
        super().__init__("AlreadyExistsException", message)


class ChangeSetNotFound(ServiceError):
    """There is no such change set."""

    def __init__(self, name: str) -> None:
        super().__init__("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


class InvalidChangeSetStatus(ServiceError):
    """The change set cannot be executed or deleted as it is."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidChangeSetStatus", message)


class InsufficientCapabilities(ServiceError):
    """The caller has not said that the template may make roles."""

    def __init__(self, capability: str) -> None:
        super().__init__(
            "InsufficientCapabilitiesException", f"Requires capabilities : [{capability}]"
        )


class StackNotFound(ValidationError):
    """There is no such stack."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Stack with id {name} does not exist")
