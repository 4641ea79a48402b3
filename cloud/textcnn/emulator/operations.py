"""Which operations of a service the emulator has, and the functions that carry them out."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textcnn.emulator.protocol.errors import NotEmulated
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.validation import validate

if TYPE_CHECKING:
    from textcnn.emulator.account import Account

# Takes the account and the members of a checked request, returns the members of the answer.
Handler = Callable[["Account", dict[str, Any]], Mapping[str, Any] | None]


class Operations:
    """The operations of one service, by the names that its model gives them."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.model = service_model(service)
        self._handlers: dict[str, Handler] = {}

    def __call__(self, name: str) -> Callable[[Handler], Handler]:
        """Return a decorator that makes a function the operation ``name``."""
        self.model.operation_model(name)  # a name that the service does not have is told at once

        def register(handler: Handler) -> Handler:
            self._handlers[name] = handler
            return handler

        return register

    @property
    def names(self) -> list[str]:
        """The operations that there are."""
        return sorted(self._handlers)

    def carry_out(self, account: "Account", name: str, values: dict[str, Any]) -> Mapping[str, Any]:
        """Check a request and carry it out; raises ``ServiceError`` for what cannot be done."""
        handler = self._handlers.get(name)
        if handler is None:
            raise NotEmulated(f"{self.service}'s operation {name}")
        validate(self.model.operation_model(name).input_shape, values)
        account.faults.raise_for(f"{self.service}:{name}")
        return handler(account, values) or {}
