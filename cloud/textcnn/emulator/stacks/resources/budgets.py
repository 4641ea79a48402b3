"""AWS::Budgets::Budget."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, is_missing
from textcnn.emulator.stacks.resources.requests import request
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 100


class Budget(Kind):
    """A budget of the account; ``Ref`` is its name.

    moto cannot change budgets: one that is to change is deleted and made again under its name.
    """

    type = "AWS::Budgets::Budget"
    properties = frozenset({"Budget", "NotificationsWithSubscribers", "ResourceTags"})
    replacing = frozenset()
    tag_property = "ResourceTags"

    def create(self, work: Work, properties: Properties) -> str:
        """Make the budget and its notifications."""
        name = str(properties["Budget"].get("BudgetName") or work.name(LONGEST_NAME))
        _make(work, name, properties)
        return name

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it."""
        work.client("budgets").describe_budget(AccountId=work.account, BudgetName=identifier)
        return ReturnValues(identifier)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Make it anew under its name."""
        self.delete(work, identifier, before)
        _make(work, identifier, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it with its notifications."""
        try:
            work.client("budgets").delete_budget(AccountId=work.account, BudgetName=identifier)
        except ClientError as error:
            if not is_missing(error, "NotFoundException"):
                raise


def _make(work: Work, name: str, properties: Properties) -> None:
    budget: dict[str, Any] = {**properties["Budget"], "BudgetName": name}
    values = {**properties, "AccountId": work.account, "Budget": budget}
    work.client("budgets").create_budget(**request("budgets", "CreateBudget", values))
