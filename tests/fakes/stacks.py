"""A small CloudFormation in memory, good enough for the use cases: it keeps the contract of the port Stacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.clock import EPOCH, FakeClock
from fakes.faults import Fault, aws_error
from fakes.held import Held, changes_between, outputs_of, resolved, value_in
from semanticworld.model.change import Change, ChangeSet, ChangeSetRequest
from semanticworld.model.leftover import Existence, Found
from semanticworld.model.stack import Export, Stack, StackEvent, StackResource

STACK = "AWS::CloudFormation::Stack"


class FakeStacks:
    """The port. `fail` maps a logical id to the reason its creation or update fails, `fail_delete` the same for deletion."""

    def __init__(self, clock: FakeClock, *, step_s: float = 2.0) -> None:
        self.clock = clock
        self.step_s = step_s
        self.held: dict[str, Held] = {}
        self.change_sets: dict[str, tuple[ChangeSet, ChangeSetRequest]] = {}
        self.fail: dict[str, str] = {}
        self.fail_delete: dict[str, list[str]] = {}
        self.fail_rollback: dict[str, list[str]] = {}
        self.faults: list[Fault] = []
        self.changed: list[str] = []
        self.reads = 0
        self.things: dict[str, Found] = {}
        self.thing_tags: dict[str, Mapping[str, str]] = {}
        self.on_read: Callable[[], None] = lambda: None
        self._count = 0

    # the port ---------------------------------------------------------------------------------------------------

    def describe(self, name_or_id: str) -> Stack | None:
        self._read("describe")
        held = self._find(name_or_id)
        return held.stack if held else None

    def exports(self) -> Mapping[str, Export]:
        self._read("exports")
        found = {}
        for held in self._living():
            document = json.loads(held.template)
            for output in document.get("Outputs", {}).values():
                if "Export" in output and held.stack.status.endswith("_COMPLETE"):
                    name = value_in(output["Export"]["Name"], held)
                    value = value_in(output["Value"], held)
                    found[name] = Export(name=name, value=value, stack_id=held.stack.id)
        return found

    def importers(self, export_name: str) -> tuple[str, ...]:
        self._read("importers")
        return tuple(
            held.stack.name for held in self._living() if export_name in json.loads(held.template).get("Imports", [])
        )

    def create_change_set(self, request: ChangeSetRequest) -> ChangeSet:
        self._begin("create_change_set")
        held = self._find(request.stack_name)
        if request.create:
            if held is not None and held.stack.status != "REVIEW_IN_PROGRESS":
                raise aws_error("AlreadyExistsException", f"Stack [{request.stack_name}] already exists")
            held = held or self.plant(request.stack_name, "REVIEW_IN_PROGRESS", tags=dict(request.tags), template="{}")
        elif held is None or held.stack.status.endswith("_IN_PROGRESS"):
            raise aws_error("ValidationError", "is not in a state in which it can be updated")
        changes = changes_between(held, request)
        self._count += 1
        change_set = ChangeSet(
            id=f"arn:change-set/{request.change_set_name}/{self._count}",
            name=request.change_set_name,
            stack_id=held.stack.id,
            status="CREATE_COMPLETE" if changes else "FAILED",
            execution_status="AVAILABLE" if changes else "UNAVAILABLE",
            reason=None
            if changes
            else "The submitted information didn't contain changes. Submit different information.",
            changes=changes,
        )
        self.change_sets[change_set.id] = (change_set, request)
        self._done("create_change_set")
        return replace(change_set, status="CREATE_PENDING", execution_status="UNAVAILABLE", changes=())

    def describe_change_set(self, change_set_id: str) -> ChangeSet:
        self._read("describe_change_set")
        if change_set_id not in self.change_sets:
            raise aws_error("ChangeSetNotFound", "does not exist")
        return self.change_sets[change_set_id][0]

    def execute_change_set(self, change_set_id: str, *, token: str) -> None:
        self._begin("execute_change_set")
        change_set, request = self.change_sets[change_set_id]
        if change_set.execution_status != "AVAILABLE":
            raise aws_error("InvalidChangeSetStatus", change_set.execution_status)
        self.change_sets[change_set_id] = (replace(change_set, execution_status="EXECUTE_COMPLETE"), request)
        self._deploy(self.held[change_set.stack_id], request, change_set.changes, token)
        self._done("execute_change_set")

    def delete_change_set(self, change_set_id: str) -> None:
        self._begin("delete_change_set")
        self.change_sets.pop(change_set_id, None)
        self._done("delete_change_set")

    def delete(self, stack_id: str, *, token: str, retain: Sequence[str] = (), force: bool = False) -> None:
        self._begin("delete")
        held = self.held[stack_id]
        if (retain or force) and held.stack.status != "DELETE_FAILED":
            raise aws_error("ValidationError", "only from DELETE_FAILED")
        if held.stack.termination_protection:
            raise aws_error("ValidationError", "cannot be deleted while TerminationProtection is enabled")
        if held.stack.status == "REVIEW_IN_PROGRESS":
            held.stack = replace(held.stack, status="DELETE_COMPLETE")
            return
        held.steps.clear()
        self._own(held, "DELETE_IN_PROGRESS", token, "User Initiated")
        failed: list[str] = []
        at = self.clock.monotonic()
        for name, resource in reversed(list(held.resources.items())):
            if name in retain or resource.status == "DELETE_COMPLETE":
                continue
            at += self.step_s
            self._at(held, at, partial(self._delete_one, held, name, token, failed, force=force))
        self._at(
            held,
            at + self.step_s,
            lambda: self._own(
                held,
                "DELETE_FAILED" if failed else "DELETE_COMPLETE",
                token,
                f"The following resource(s) failed to delete: [{', '.join(failed)}]." if failed else None,
            ),
        )
        self._done("delete")

    def events(self, stack_id: str, *, after: str | None) -> tuple[StackEvent, ...]:
        self._read("events")
        events = self.held[stack_id].events
        if after is None:
            return tuple(events)
        ids = [event.id for event in events]
        return tuple(events[ids.index(after) + 1 :])

    def recent_events(self, stack_id: str, *, limit: int) -> tuple[StackEvent, ...]:
        self._read("recent_events")
        return tuple(reversed(self.held[stack_id].events))[:limit]

    def resources(self, stack_id: str) -> tuple[StackResource, ...]:
        self._read("resources")
        return tuple(self.held[stack_id].resources.values()) if stack_id in self.held else ()

    def template(self, stack_id: str) -> str:
        self._read("template")
        return self.held[stack_id].template

    def continue_update_rollback(self, stack_id: str, *, token: str, skip: Sequence[str] = ()) -> None:
        self._begin("continue_update_rollback")
        held = self.held[stack_id]
        self._own(held, "UPDATE_ROLLBACK_IN_PROGRESS", token, "User Initiated")
        hindering = [name for name in self.fail_rollback if name not in skip and self.fail_rollback[name]]
        for name in hindering:
            reason = self.fail_rollback[name].pop(0)
            self._in(held, 1, partial(self._event, held, name, "UPDATE_FAILED", token, reason))
        end = "UPDATE_ROLLBACK_FAILED" if hindering else "UPDATE_ROLLBACK_COMPLETE"
        self._in(held, 2, lambda: self._own(held, end, token))

    def rollback(self, stack_id: str, *, token: str) -> None:
        self._begin("rollback")
        held = self.held[stack_id]
        creating = held.stack.status == "CREATE_FAILED"
        self._own(held, "ROLLBACK_IN_PROGRESS" if creating else "UPDATE_ROLLBACK_IN_PROGRESS", token)
        end = "ROLLBACK_COMPLETE" if creating else "UPDATE_ROLLBACK_COMPLETE"
        self._in(held, 1, lambda: self._own(held, end, token))

    def set_termination_protection(self, stack_id: str, *, enabled: bool) -> None:
        self._begin("set_termination_protection")
        held = self.held[stack_id]
        held.stack = replace(held.stack, termination_protection=enabled)

    def validate_template(self, body: str) -> None:
        self._read("validate_template")
        if "Resources" not in json.loads(body):
            raise aws_error("ValidationError", "Template format error: At least one Resources member must be defined.")

    # for the tests ----------------------------------------------------------------------------------------------

    def plant(
        self,
        name: str,
        status: str,
        *,
        tags: Mapping[str, str] | None = None,
        template: str = '{"Resources": {}}',
        parameters: Mapping[str, str] | None = None,
        token: str | None = None,
        protected: bool = False,
    ) -> Held:
        """A stack that stands there in this status, as if somebody had brought it there."""
        self._count += 1
        stack_id = f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/{self._count}"
        stack = Stack(
            name=name,
            id=stack_id,
            status=status,
            tags=dict(tags or {}),
            parameters=dict(parameters or {}),
            termination_protection=protected,
            created_at=self.clock.now(),
        )
        held = self.held[stack_id] = Held(stack=stack, template=template)
        for logical, told in json.loads(template).get("Resources", {}).items():
            held.resolved[logical] = resolved(told, parameters or {})
            self._make(held, logical, told["Type"], "CREATE_COMPLETE")
        held.stack = replace(held.stack, outputs=outputs_of(held))
        begun = "CREATE_IN_PROGRESS" if not status.endswith("_IN_PROGRESS") else status
        self._own(held, begun, token, "User Initiated")
        if status != begun:
            self._own(held, status, token)
        return held

    def settle(self, held: Held, status: str, *, after_s: float, token: str | None = None) -> None:
        """The stack comes to this status later."""
        self._in(held, after_s, lambda: self._own(held, status, token))

    # inside -----------------------------------------------------------------------------------------------------

    def _read(self, method: str) -> None:
        self.reads += 1
        self.on_read()
        self._run()
        self._fault(method, after=False)

    def _begin(self, method: str) -> None:
        self._run()
        self._fault(method, after=False)
        self.changed.append(method)

    def _done(self, method: str) -> None:
        self._fault(method, after=True)

    def _fault(self, method: str, *, after: bool) -> None:
        for fault in self.faults:
            if fault.method == method and fault.after is after and fault.times > 0:
                fault.times -= 1
                raise fault.error

    def _run(self) -> None:
        for held in list(self.held.values()):
            while held.steps and held.steps[0][0] <= self.clock.monotonic():
                held.steps.pop(0)[1]()

    def _at(self, held: Held, at: float, step: Callable[[], None]) -> None:
        held.steps.append((at, step))

    def _in(self, held: Held, seconds: float, step: Callable[[], None]) -> None:
        self._at(held, self.clock.monotonic() + seconds, step)

    def _find(self, name_or_id: str) -> Held | None:
        if name_or_id in self.held:
            return self.held[name_or_id]
        return next((held for held in self._living() if held.stack.name == name_or_id), None)

    def _living(self) -> list[Held]:
        return [held for held in self.held.values() if held.stack.status != "DELETE_COMPLETE"]

    def _own(self, held: Held, status: str, token: str | None, reason: str | None = None) -> None:
        held.stack = replace(held.stack, status=status, status_reason=reason, updated_at=self.clock.now())
        self._event(held, held.stack.name, status, token, reason, own=True)

    def _event(
        self,
        held: Held,
        logical: str,
        status: str,
        token: str | None,
        reason: str | None = None,
        own: bool = False,  # noqa: FBT001, FBT002 - inside only
    ) -> None:
        self._count += 1
        resource = held.resources.get(logical)
        held.events.append(
            StackEvent(
                id=f"e{self._count}",
                at=EPOCH + timedelta(seconds=self.clock.monotonic()),
                stack_id=held.stack.id,
                logical_id=logical,
                physical_id=held.stack.id if own else (resource.physical_id if resource else None),
                type=STACK if own else (resource.type if resource else "AWS::Custom::Thing"),
                status=status,
                reason=reason,
                token=token,
            )
        )

    def _deploy(self, held: Held, request: ChangeSetRequest, changes: Sequence[Change], token: str) -> None:
        creating = held.stack.status == "REVIEW_IN_PROGRESS"
        verb = "CREATE" if creating else "UPDATE"
        before = (held.template, held.stack)
        held.template = request.template_body
        held.stack = replace(held.stack, parameters=dict(request.parameters), tags=dict(request.tags))
        self._own(held, f"{verb}_IN_PROGRESS", token, "User Initiated")
        at = self.clock.monotonic()
        told = json.loads(request.template_body)["Resources"]
        for change in changes:
            name = change.logical_id
            if change.action == "Remove":
                self._at(held, at, partial(self._delete_one, held, name, token, [], force=False))
                held.resolved.pop(name)
                continue
            self._at(held, at, partial(self._start, held, change, f"{verb}_IN_PROGRESS", token))
            at += self.step_s
            if name in self.fail:
                reason = self.fail[name]
                self._at(held, at, partial(self._event, held, name, f"{verb}_FAILED", token, reason))
                if creating:
                    self._at(
                        held,
                        at,
                        lambda: self._event(held, "Other", "CREATE_FAILED", token, "Resource creation cancelled"),
                    )
                self._roll_back(held, at, token, creating=creating, before=before)
                return
            held.resolved[name] = resolved(told[name], request.parameters)
            self._at(held, at, partial(self._finish, held, change, f"{verb}_COMPLETE", token))
        self._at(held, at + self.step_s, lambda: self._complete(held, f"{verb}_COMPLETE", token))

    def _roll_back(self, held: Held, at: float, token: str, *, creating: bool, before: tuple[str, Stack]) -> None:
        head = "ROLLBACK" if creating else "UPDATE_ROLLBACK"
        self._at(held, at, lambda: self._own(held, f"{head}_IN_PROGRESS", token, "The following resource(s) failed"))

        def end() -> None:
            if creating:
                for name in list(held.resources):
                    self._delete_one(held, name, token, [], force=False)
            else:
                held.template = before[0]
                held.stack = replace(held.stack, parameters=before[1].parameters)
            self._own(held, f"{head}_COMPLETE", token)

        self._at(held, at + self.step_s, end)

    def _start(self, held: Held, change: Change, status: str, token: str) -> None:
        if change.logical_id not in held.resources:
            self._make(held, change.logical_id, change.type, status)
        self._event(held, change.logical_id, status, token)

    def _finish(self, held: Held, change: Change, status: str, token: str) -> None:
        resource = held.resources[change.logical_id]
        held.resources[change.logical_id] = replace(resource, status=status)
        self._event(held, change.logical_id, status, token)

    def _complete(self, held: Held, status: str, token: str) -> None:
        held.stack = replace(held.stack, outputs=outputs_of(held))
        self._own(held, status, token)

    def _make(self, held: Held, logical: str, type_: str, status: str) -> None:
        self._count += 1
        prefix = {"AWS::EC2::Instance": "i", "AWS::EC2::Volume": "vol", "AWS::S3::Bucket": "bucket"}.get(type_, "r")
        physical = f"{prefix}-{self._count:04d}"
        held.resources[logical] = StackResource(logical_id=logical, physical_id=physical, type=type_, status=status)
        self.things[physical] = Found(type=type_, id=physical, stack_id=held.stack.id)
        self.thing_tags[physical] = held.stack.tags

    def _delete_one(self, held: Held, name: str, token: str, failed: list[str], *, force: bool) -> None:
        resource = held.resources[name]
        reasons = self.fail_delete.get(name)
        self._event(held, name, "DELETE_IN_PROGRESS", token)
        if reasons:
            reason = reasons.pop(0) if len(reasons) > 1 or not force else reasons[0]
            held.resources[name] = replace(resource, status="DELETE_FAILED", reason=reason)
            self._event(held, name, "DELETE_FAILED", token, reason)
            if not force:
                failed.append(name)
            return
        policy = json.loads(held.template).get("Resources", {}).get(name, {}).get("DeletionPolicy", "Delete")
        if policy == "Snapshot" and resource.physical_id:
            snapshot = f"snap-{resource.physical_id}"
            self.things[snapshot] = Found(type="AWS::EC2::Snapshot", id=snapshot, stack_id=held.stack.id)
            self.thing_tags[snapshot] = held.stack.tags
        if not policy.startswith("Retain") and resource.physical_id:
            gone = self.things[resource.physical_id]
            self.things[resource.physical_id] = replace(gone, existence=Existence.GONE)
        held.resources[name] = replace(resource, status="DELETE_COMPLETE")
        self._event(held, name, "DELETE_COMPLETE", token)
