"""What a function is: its code and settings, as moto keeps them.

moto forgets LoggingConfig; it is taught to keep it.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaFunction, lambda_backends

from textcnn.emulator.account import Account


@dataclass(frozen=True)
class FunctionSettings:
    """A function; seconds is how long it may take, revision changes with code and settings."""

    name: str
    arn: str
    handler: str
    code: bytes
    variables: dict[str, str]
    seconds: float
    log_group: str
    log_format: str

    @property
    def revision(self) -> str:
        """What is another where code or settings are."""
        told = json.dumps([self.handler, self.variables, self.seconds, self.log_group])
        return hashlib.sha256(self.code + told.encode()).hexdigest()


def settings_of(account: Account, name: str) -> FunctionSettings | None:
    """Return a function by its name or ARN; None where there is none."""
    backend = lambda_backends[account.identifier][account.region]
    try:
        function: Any = backend.get_function(name)
    except UnknownFunctionException:
        return None
    logging = function.get_configuration().get("LoggingConfig", {})
    return FunctionSettings(
        function.function_name,
        function.function_arn,
        function.handler,
        function.code_bytes,
        function.environment_vars,
        float(function.timeout),
        logging.get("LogGroup", function.logs_group_name),
        logging.get("LogFormat", "Text"),
    )


def keep_logging() -> None:
    """Have moto keep and tell where functions log."""
    if getattr(LambdaFunction, "keeps_logging", False):
        return
    make, tell = LambdaFunction.__init__, LambdaFunction.get_configuration
    change = LambdaFunction.update_configuration

    def made(self: Any, account_id: str, spec: dict[str, Any], *others: Any, **named: Any) -> None:
        make(self, account_id, spec, *others, **named)
        self.logging_config = spec.get("LoggingConfig", {})

    def told(self: Any, *others: Any, **named: Any) -> dict[str, Any]:
        kept = {"LoggingConfig": self.logging_config} if self.logging_config else {}
        return {**tell(self, *others, **named), **kept}

    def changed(self: Any, updates: dict[str, Any]) -> dict[str, Any]:
        self.logging_config = updates.get("LoggingConfig", self.logging_config)
        return change(self, updates)

    for name, function in (
        ("__init__", made),
        ("get_configuration", told),
        ("update_configuration", changed),
        ("keeps_logging", True),
    ):
        setattr(LambdaFunction, name, function)
