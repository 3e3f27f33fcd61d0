"""Results as the contract's JSON documents. What nobody measures yet is null, never 0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from semanticworld.model.change import Change
from semanticworld.model.finding import Finding
from semanticworld.model.leftover import Deleted, Kept
from semanticworld.model.node import Node
from semanticworld.model.operation import JournalEntry
from semanticworld.model.result import (
    CreateResult,
    DeleteResult,
    HistoryResult,
    OutputsResult,
    Phase,
    StatusResult,
    ValidateResult,
)
from semanticworld.model.stack import Stack, StackEvent

Json = dict[str, object]

NOT_MEASURED: Final[Json] = {"gpus": None, "health": None, "guard": None, "cost": None}


def create_document(result: CreateResult) -> Json:
    """The contract's keys of create, and the layer, `dry_run` and `waited`."""
    return {
        "operation_id": result.operation_id,
        "layer": result.target,
        "dry_run": result.dry_run,
        "waited": result.waited,
        "stack": stack(result.stack),
        "changes": [change(item) for item in result.changes],
        "node": node(result.node),
        "outputs": dict(result.outputs),
        "quote": None,
        "findings": findings(result.findings),
        "phases": phases(result.phases),
        "elapsed_s": round(result.elapsed_s, 3),
    }


def delete_document(result: DeleteResult) -> Json:
    """The contract's keys of delete, and `will_delete`, `unproven`, `dry_run`, `waited`."""
    return {
        "operation_id": result.operation_id,
        "layer": result.target,
        "dry_run": result.dry_run,
        "waited": result.waited,
        "stack": stack(result.stack),
        "will_delete": [deleted(item) for item in result.will_delete],
        "deleted": [deleted(item) for item in result.deleted],
        "retained": [kept(item) for item in result.retained],
        "leftovers": [kept(item) for item in result.leftovers],
        "unproven": list(result.unproven),
        "cost": None,
        "phases": phases(result.phases),
        "elapsed_s": round(result.elapsed_s, 3),
    }


def status_document(result: StatusResult) -> Json:
    """The contract's keys of status, and every layer with its advice."""
    return {
        "stack": stack(result.stack),
        "layers": [
            {"layer": layer.layer, "stack": stack(layer.stack), "advice": layer.advice} for layer in result.layers
        ],
        "node": node(result.node),
        **NOT_MEASURED,
        "events": [event(item) for item in result.events],
        "unread": list(result.unread),
    }


def status_all_document(results: Iterable[StatusResult]) -> Json:
    """One status a row, with the environment's name in it."""
    return {"environments": [{"environment": row.environment.name, **status_document(row)} for row in results]}


def outputs_document(result: OutputsResult) -> Json:
    """outputs{name: value} and the stack they belong to."""
    return {"stack": stack(result.stack), "outputs": dict(result.outputs)}


def validate_document(result: ValidateResult) -> Json:
    """The contract's keys of validate, and what was left out."""
    return {
        "findings": findings(result.findings),
        "quote": None,
        "template": {"path": result.template_path, "resources": result.resources},
        "skipped": list(result.skipped),
    }


def history_document(result: HistoryResult) -> Json:
    """The journal's entries, oldest first. Tokens are ours and no secret, but of no use here."""
    return {"entries": [entry(item) for item in result.entries]}


def stack(value: Stack | None) -> Json | None:
    """A stack, null when it does not stand."""
    if value is None:
        return None
    return {
        "name": value.name,
        "id": value.id,
        "status": value.status,
        "status_reason": value.status_reason,
        "created_at": value.created_at,
        "updated_at": value.updated_at,
        "termination_protection": value.termination_protection,
        "tags": dict(value.tags),
    }


def node(value: Node | None) -> Json | None:
    """The node, null when there is none."""
    if value is None:
        return None
    return {
        "instance_id": value.instance_id,
        "instance_type": value.instance_type,
        "state": value.state,
        "state_reason": value.state_reason,
        "private_ip": value.private_ip,
        "public_ip": value.public_ip,
        "subnet_id": value.subnet_id,
        "availability_zone": value.availability_zone,
        "image_id": value.image_id,
        "launched_at": value.launched_at,
    }


def change(value: Change) -> Json:
    """A change; `replacement` is AWS's True, False or Conditional, null for an addition or a removal."""
    return {
        "action": value.action,
        "logical_id": value.logical_id,
        "type": value.type,
        "physical_id": value.physical_id,
        "replacement": value.replacement,
        "properties": [item.name or item.attribute for item in value.properties],
    }


def findings(values: Iterable[Finding]) -> list[Json]:
    """Findings in their order."""
    return [
        {
            "code": value.code,
            "outcome": value.outcome,
            "summary": value.summary,
            "evidence": value.evidence,
            "fix": value.fix,
        }
        for value in values
    ]


def phases(values: Iterable[Phase]) -> list[Json]:
    """Phases in their order."""
    return [{"name": value.name, "elapsed_s": round(value.elapsed_s, 3)} for value in values]


def deleted(value: Deleted) -> Json:
    """A resource that is gone (or, dry, would go)."""
    return {"type": value.type, "id": value.id, "logical_id": value.logical_id}


def kept(value: Kept) -> Json:
    """A thing that stays, with its reason and its monthly cost, null when unknown."""
    return {"type": value.type, "id": value.id, "why": value.why, "usd_per_month": value.usd_per_month}


def event(value: StackEvent) -> Json:
    """One line of a stack's history."""
    return {
        "at": value.at,
        "logical_id": value.logical_id,
        "physical_id": value.physical_id,
        "type": value.type,
        "status": value.status,
        "reason": value.reason,
    }


def entry(value: JournalEntry) -> Json:
    """One line of the journal."""
    return {
        "at": value.at,
        "operation_id": value.operation_id,
        "environment": value.environment,
        "command": value.command,
        "step": value.step,
        "stack_name": value.stack_name,
        "stack_id": value.stack_id,
        "detail": dict(value.detail),
    }
