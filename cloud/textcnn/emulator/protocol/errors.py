"""The errors that a service answers with, under the service's own names."""


class ServiceError(Exception):
    """An error response: its code, message and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class ValidationException(ServiceError):
    """The request is wrong, or names something that is not there."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message)


class ResourceInUse(ServiceError):
    """The name is taken, or the resource is in use."""

    def __init__(self, message: str) -> None:
        super().__init__("ResourceInUse", message)


class ResourceNotFound(ServiceError):
    """There is no such resource."""

    def __init__(self, message: str) -> None:
        super().__init__("ResourceNotFound", message)


class ConflictException(ServiceError):
    """The request conflicts with what exists."""

    def __init__(self, message: str) -> None:
        super().__init__("ConflictException", message)


class ResourceLimitExceeded(ServiceError):
    """A quota of the account does not allow it."""

    def __init__(self, message: str) -> None:
        super().__init__("ResourceLimitExceeded", message)


class NotEmulated(ServiceError):
    """The emulator does not support this, and never returns invented data."""

    def __init__(self, what: str) -> None:
        super().__init__("NotImplemented", f"the emulator does not know {what}", 501)
