"""What `textcnn setup` makes: the foundation stack and, if asked, a budget that writes e-mails."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textcnn import stacks
from textcnn.aws import Aws
from textcnn.consent import agree
from textcnn.foundation import STACK, TEMPLATE
from textcnn.options import Context
from textcnn.pricing import billing_region
from textcnn.results import Setup
from textcnn.stacks import Change, DesiredStack, StackResult
from textcnn.training.request import PROJECT

BUDGET_STACK = "textcnn-budget"
BUDGET_TEMPLATE = TEMPLATE.with_name("budget.yaml")
POLICIES = Path(__file__).parent / "policies"
VERBS = {"Add": "create", "Modify": "change", "Remove": "delete"}


@dataclass(frozen=True)
class Budget:
    """A budget for the whole account: who is written to, and US dollars a month."""

    email: str
    limit: int


def set_up(
    context: Context, parameters: Mapping[str, str], budget: Budget | None, *, yes: bool
) -> Setup:
    """Make the stacks what is wanted; parameters that are not given stay as they are."""
    applied = _apply(
        context, context.aws, DesiredStack(STACK, TEMPLATE, parameters, PROJECT), yes=yes
    )
    changes = [describe(change) for change in applied.changes]
    if budget:
        desired = DesiredStack(
            BUDGET_STACK,
            BUDGET_TEMPLATE,
            {"BudgetEmail": budget.email, "BudgetLimit": str(budget.limit)},
            PROJECT,
        )
        # Budgets are the account's, and not every region knows them.
        region = billing_region(context.aws.region)
        elsewhere = Aws(region, context.profile, context.dry_run)
        changes += [
            describe(change) for change in _apply(context, elsewhere, desired, yes=yes).changes
        ]
    return Setup(STACK, applied.outputs, changes)


def describe(change: Change) -> str:
    """Return a change in words."""
    replaced = ", made anew" if change.replaces else ""
    verb = VERBS.get(change.action, change.action.lower())
    return f"{verb} {change.resource} ({change.type}){replaced}"


def write_files(folder: Path) -> list[Path]:
    """Write templates and policies into a folder, for who may make roles; return them."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [*sorted(TEMPLATE.parent.glob("*.yaml")), *sorted(POLICIES.glob("*.json"))]
    return [Path(shutil.copy(source, folder / source.name)) for source in sources]


def _apply(context: Context, aws: Aws, desired: DesiredStack, *, yes: bool) -> StackResult:
    stack = stacks.find(aws, desired.name)
    kept = stack.parameters if stack else {}
    parameters = {**kept, **desired.parameters}

    def ask(changes: tuple[Change, ...]) -> None:
        context.output.say(f"the stack {desired.name} in {aws.region}, account {aws.account}:")
        for change in changes:
            context.output.say(f"  {describe(change)}")
        if not aws.dry_run:
            agree("Go on?", yes=yes)

    desired = DesiredStack(desired.name, desired.template, parameters, desired.tags)
    applied = stacks.apply(aws, context.output, desired, ask)
    if not applied.changes:
        context.output.say(f"the stack {desired.name} is as it should be")
    return applied
