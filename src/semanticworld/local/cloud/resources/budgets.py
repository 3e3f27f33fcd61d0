"""Budgets as CloudFormation resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ministack.core.responses import get_account_id

from semanticworld.local.cloud.resources import tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["BudgetKind"]


def _amount(value: Mapping[str, Any] | None) -> dict[str, str] | None:
    # The template has a number, the API a text.
    return None if value is None else {"Amount": str(value["Amount"]), "Unit": str(value["Unit"])}


def _budget(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **given,
        "BudgetName": name,
        **({"BudgetLimit": _amount(given["BudgetLimit"])} if "BudgetLimit" in given else {}),
    }


class BudgetKind(Kind):
    """AWS::Budgets::Budget."""

    resource_type: ClassVar[str] = "AWS::Budgets::Budget"
    service: ClassVar[str] = "budgets"
    name_limit: ClassVar[int] = 100

    def name_of(self, properties: Properties) -> str | None:
        """The name inside the Budget property."""
        return (properties.get("Budget") or {}).get("BudgetName") or None

    def make(self, wanted: Wanted) -> str:
        """The budget's name."""
        given = wanted.properties
        call(
            "budgets",
            "CreateBudget",
            AccountId=get_account_id(),
            Budget=_budget(wanted.name, given["Budget"]),
            NotificationsWithSubscribers=given.get("NotificationsWithSubscribers"),
            ResourceTags=tags.as_list(tags.of(self.resource_type, given)) or None,
        )
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The budget itself and its tags; notifications are create-only."""
        if not old:
            return
        if old["Budget"] != new["Budget"]:
            call("budgets", "UpdateBudget", AccountId=get_account_id(), NewBudget=_budget(identifier, new["Budget"]))
        change = tags.change(self.resource_type, old, new)
        arn = f"arn:aws:budgets::{get_account_id()}:budget/{identifier}"
        if change.put:
            call("budgets", "TagResource", ResourceARN=arn, ResourceTags=tags.as_list(change.put))
        if change.drop:
            call("budgets", "UntagResource", ResourceARN=arn, ResourceTagKeys=change.drop)

    def replaced_by(self, identifier: str, old: Properties, new: Properties) -> bool:
        """Another name is another budget (the name is nested, so the engine does not see it)."""
        del old
        wanted = self.name_of(new)
        return wanted is not None and wanted != identifier

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Id."""
        del properties
        return {"Id": identifier}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the budget with its notifications."""
        del properties
        call("budgets", "DeleteBudget", AccountId=get_account_id(), BudgetName=identifier)
