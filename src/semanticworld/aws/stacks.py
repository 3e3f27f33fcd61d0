"""CloudFormation behind the Stacks port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from semanticworld.aws import codes
from semanticworld.aws.calls import Answer, Calls, answered
from semanticworld.aws.changes import read_change, read_change_set
from semanticworld.errors import AwsError
from semanticworld.model.change import ChangeSet, ChangeSetRequest
from semanticworld.model.stack import Export, Stack, StackEvent, StackResource

_SERVICE = "cloudformation"
FORCE_DELETE = "FORCE_DELETE_STACK"


class CloudFormationStacks:
    """Stacks in one region of one account."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def describe(self, name_or_id: str) -> Stack | None:
        """The stack, or None when there is none; by id a deleted one comes back as DELETE_COMPLETE."""
        try:
            answer = self._calls.call(_SERVICE, "DescribeStacks", StackName=name_or_id)
        except AwsError as error:
            if _does_not_exist(error):
                return None
            raise
        stacks = answer.get("Stacks", ())
        return _stack(stacks[0]) if stacks else None

    def exports(self) -> Mapping[str, Export]:
        """Every export of the account in this region, by name."""
        return {
            told["Name"]: Export(name=told["Name"], value=told["Value"], stack_id=told["ExportingStackId"])
            for told in self._calls.items(_SERVICE, "ListExports", "Exports")
        }

    def importers(self, export_name: str) -> tuple[str, ...]:
        """The names of the stacks that import it; empty when there are none (CloudFormation calls that an error)."""
        try:
            return tuple(self._calls.items(_SERVICE, "ListImports", "Imports", ExportName=export_name))
        except AwsError as error:
            if answered(error, codes.UNKNOWN_STACK) and ("not imported" in error.why or "does not exist" in error.why):
                return ()
            raise

    def create_change_set(self, request: ChangeSetRequest) -> ChangeSet:
        """The change set just asked for, its status still open."""
        answer = self._calls.call(
            _SERVICE,
            "CreateChangeSet",
            StackName=request.stack_name,
            ChangeSetName=request.change_set_name,
            ChangeSetType="CREATE" if request.create else "UPDATE",
            TemplateBody=request.template_body,
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in request.parameters.items()],
            Tags=[{"Key": name, "Value": value} for name, value in request.tags.items()],
            Capabilities=list(request.capabilities),
            ClientToken=request.token,
            **({"ImportExistingResources": True} if request.import_existing else {}),
            **({"Description": request.description} if request.description else {}),  # an empty one is refused
        )
        return ChangeSet(
            id=answer["Id"],
            name=request.change_set_name,
            stack_id=answer["StackId"],
            status="CREATE_PENDING",
            execution_status="UNAVAILABLE",
        )

    def describe_change_set(self, change_set_id: str) -> ChangeSet:
        """The change set with all its changes."""
        pages = list(self._calls.pages(_SERVICE, "DescribeChangeSet", ChangeSetName=change_set_id))
        return read_change_set(pages[0], tuple(read_change(told) for page in pages for told in page.get("Changes", ())))

    def execute_change_set(self, change_set_id: str, *, token: str) -> None:
        """Starts it; failures roll back."""
        self._calls.call(
            _SERVICE,
            "ExecuteChangeSet",
            ChangeSetName=change_set_id,
            ClientRequestToken=token,
            DisableRollback=False,  # the API's own default is true by its model
        )

    def delete_change_set(self, change_set_id: str) -> None:
        """Removes it; a missing one is no error."""
        try:
            self._calls.call(_SERVICE, "DeleteChangeSet", ChangeSetName=change_set_id)
        except AwsError as error:
            if not (answered(error, codes.MISSING_CHANGE_SET) or _does_not_exist(error)):
                raise

    def delete(self, stack_id: str, *, token: str, retain: Sequence[str] = (), force: bool = False) -> None:
        """Starts the deletion."""
        options: dict[str, object] = {}
        if retain:
            options["RetainResources"] = list(retain)
        if force:
            options["DeletionMode"] = FORCE_DELETE
        self._calls.call(_SERVICE, "DeleteStack", StackName=stack_id, ClientRequestToken=token, **options)

    def events(self, stack_id: str, *, after: str | None) -> tuple[StackEvent, ...]:
        """Events newer than the one with id `after`, oldest first; pages are read until that one has been seen."""
        newest_first: list[StackEvent] = []
        for told in self._calls.items(_SERVICE, "DescribeStackEvents", "StackEvents", StackName=stack_id):
            if after is not None and told["EventId"] == after:
                break
            newest_first.append(_event(told))
        return tuple(reversed(newest_first))

    def recent_events(self, stack_id: str, *, limit: int) -> tuple[StackEvent, ...]:
        """The newest events, newest first, in one call."""
        answer = self._calls.call(_SERVICE, "DescribeStackEvents", StackName=stack_id)
        return tuple(_event(told) for told in answer.get("StackEvents", ())[:limit])

    def resources(self, stack_id: str) -> tuple[StackResource, ...]:
        """Every resource of the stack, deleted ones included."""
        return tuple(
            StackResource(
                logical_id=told["LogicalResourceId"],
                physical_id=told.get("PhysicalResourceId") or None,
                type=told["ResourceType"],
                status=told["ResourceStatus"],
                reason=told.get("ResourceStatusReason"),
            )
            for told in self._calls.items(_SERVICE, "ListStackResources", "StackResourceSummaries", StackName=stack_id)
        )

    def template(self, stack_id: str) -> str:
        """The template body as it was submitted."""
        answer = self._calls.call(_SERVICE, "GetTemplate", StackName=stack_id, TemplateStage="Original")
        return _text(answer["TemplateBody"])

    def continue_update_rollback(self, stack_id: str, *, token: str, skip: Sequence[str] = ()) -> None:
        """Starts it; `skip` (logical ids) are given up."""
        options: dict[str, object] = {"ResourcesToSkip": list(skip)} if skip else {}
        self._calls.call(_SERVICE, "ContinueUpdateRollback", StackName=stack_id, ClientRequestToken=token, **options)

    def rollback(self, stack_id: str, *, token: str) -> None:
        """Starts RollbackStack."""
        self._calls.call(_SERVICE, "RollbackStack", StackName=stack_id, ClientRequestToken=token)

    def set_termination_protection(self, stack_id: str, *, enabled: bool) -> None:
        """Switches the stack's own termination protection."""
        self._calls.call(
            _SERVICE, "UpdateTerminationProtection", StackName=stack_id, EnableTerminationProtection=enabled
        )

    def validate_template(self, body: str) -> None:
        """Returns when CloudFormation accepts the template's form; raises AwsError with its words when not."""
        self._calls.call(_SERVICE, "ValidateTemplate", TemplateBody=body)


def _does_not_exist(error: AwsError) -> bool:
    """CloudFormation has no code for it, so the text decides; "Stack [ARN] does not exist" and its likes."""
    return answered(error, codes.UNKNOWN_STACK) and "does not exist" in error.why


def _stack(told: Answer) -> Stack:
    return Stack(
        name=told["StackName"],
        id=told["StackId"],
        status=told["StackStatus"],
        status_reason=told.get("StackStatusReason"),
        created_at=told.get("CreationTime"),
        updated_at=told.get("LastUpdatedTime"),
        parameters={each["ParameterKey"]: each.get("ParameterValue", "") for each in told.get("Parameters", ())},
        outputs={each["OutputKey"]: each.get("OutputValue", "") for each in told.get("Outputs", ())},
        tags={each["Key"]: each["Value"] for each in told.get("Tags", ())},
        termination_protection=bool(told.get("EnableTerminationProtection", False)),
    )


def _event(told: Answer) -> StackEvent:
    return StackEvent(
        id=told["EventId"],
        at=told["Timestamp"],
        stack_id=told["StackId"],
        logical_id=told.get("LogicalResourceId", ""),
        physical_id=told.get("PhysicalResourceId") or None,
        type=told.get("ResourceType", ""),
        status=told.get("ResourceStatus", ""),
        reason=told.get("ResourceStatusReason"),
        token=told.get("ClientRequestToken"),
    )


def _text(body: Any) -> str:  # noqa: ANN401 - botocore reads JSON templates into mappings
    if isinstance(body, str):
        return body
    import json  # noqa: PLC0415 - JSON templates only

    return json.dumps(body, indent=2)
