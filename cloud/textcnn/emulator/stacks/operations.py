"""CloudFormation's operations; importing their modules registers them."""

from textcnn.emulator.stacks import change_set_operations, describing, stack_operations, templates
from textcnn.emulator.stacks.service import cloudformation as OPERATIONS  # noqa: N812 - a constant

__all__ = ["OPERATIONS", "change_set_operations", "describing", "stack_operations", "templates"]
