"""CloudFormation stacks: apply a template, delete, read; each ends right when it is called again.

::

    find(aws, name)                     a stack with its outputs, parameters and tags, or None
    having_tag(aws, key, value)         the stacks with a tag
    apply(aws, output, wanted)          create or update by a change set, and follow to the end
    delete(aws, output, name)           delete, and follow to the end

A stack that an earlier attempt left unusable is deleted first; one that another command is changing
is waited for.
"""

from textcnn.stacks.apply import Change, DesiredStack, StackResult, apply
from textcnn.stacks.delete import delete
from textcnn.stacks.stack import Stack, find, having_tag

__all__ = [
    "Change",
    "DesiredStack",
    "Stack",
    "StackResult",
    "apply",
    "delete",
    "find",
    "having_tag",
]
