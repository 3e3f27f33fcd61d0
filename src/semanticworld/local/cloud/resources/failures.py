"""How a failure of a resource reads in a stack's events: CloudFormation's own sentence around the service's own."""

from __future__ import annotations

import uuid

from botocore.exceptions import ClientError, ParamValidationError

__all__ = ["HandlerError", "already_exists", "custom_named", "from_client", "from_parameters", "is_missing"]

_SERVICE_NAMES = {
    "iam": "Iam",
    "s3": "S3",
    "sns": "Sns",
    "logs": "CloudWatchLogs",
    "ssm": "Ssm",
    "cloudwatch": "CloudWatch",
    "budgets": "Budgets",
    "scheduler": "Scheduler",
    "dlm": "Dlm",
}

# Source: CloudFormation CLI User Guide, "Handler error codes" (2026); service codes from each API reference.
_HANDLER_CODES = {
    "AlreadyExists": {
        "AlreadyExistsException",
        "BucketAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "ConflictException",
        "DocumentAlreadyExists",
        "DuplicateRecordException",
        "EntityAlreadyExists",
        "ParameterAlreadyExists",
        "ResourceAlreadyExistsException",
    },
    "NotFound": {
        "DashboardNotFoundError",
        "InvalidDocument",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NotFound",
        "NotFoundException",
        "ParameterNotFound",
        "ResourceNotFound",
        "ResourceNotFoundException",
    },
    "AccessDenied": {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"},
    "ServiceLimitExceeded": {
        "CreationLimitExceededException",
        "DocumentLimitExceeded",
        "LimitExceeded",
        "LimitExceededException",
        "ServiceQuotaExceededException",
        "TooManyBuckets",
    },
    "ResourceConflict": {"DeleteConflict", "OperationAbortedException", "ResourceConflictException"},
    "Throttling": {"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyUpdates"},
    "ServiceInternalError": {"InternalError", "InternalFailure", "InternalServerException", "ServiceFailure"},
    "GeneralServiceException": {"BucketNotEmpty"},
}
_CODE_OF = {code: handler for handler, codes in _HANDLER_CODES.items() for code in codes}


class HandlerError(Exception):
    """A resource handler's failure; its text is the reason that the stack event shows."""

    def __init__(self, message: str, code: str = "InvalidRequest") -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code
        self.token = str(uuid.uuid4())

    def __str__(self) -> str:
        """The reason in CloudFormation's words."""
        return (
            f'Resource handler returned message: "{self.message}" '
            f"(RequestToken: {self.token}, HandlerErrorCode: {self.code})"
        )


def from_client(error: ClientError, service: str) -> HandlerError:
    """The service's refusal as a handler failure, with the status and the request id that AWS adds."""
    answer = error.response
    code = answer.get("Error", {}).get("Code", "Unknown")
    message = answer.get("Error", {}).get("Message", "")
    metadata = answer.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 400)
    request_id = metadata.get("RequestId") or str(uuid.uuid4())
    extended = f", Extended Request ID: {metadata['HostId']}" if metadata.get("HostId") else ""
    text = (
        f"{message} (Service: {_SERVICE_NAMES.get(service, service)}, Status Code: {status}, "
        f"Request ID: {request_id}{extended}) (SDK Attempt Count: 1)"
    )
    return HandlerError(text, _CODE_OF.get(code, "InvalidRequest"))


def from_parameters(error: ParamValidationError) -> HandlerError:
    """What AWS's own model refuses in the parameters, as a handler failure."""
    return HandlerError(str(error).replace("\n", " "), "InvalidRequest")


def already_exists(resource_type: str, identifier: str, owner: str | None = None) -> Exception:
    """The refusal of a name that is taken; ``owner`` is the ARN of the stack that has it, when a stack has it."""
    if owner is not None:
        return ValueError(f"{identifier} already exists in stack {owner}")
    return HandlerError(
        f"Resource of type '{resource_type}' with identifier '{identifier}' already exists.", "AlreadyExists"
    )


def custom_named(identifier: str) -> Exception:
    """The refusal to replace a thing that has a name of its own: two of that name cannot stand."""
    return ValueError(
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename {identifier} and update the stack again."
    )


def is_missing(error: ClientError) -> bool:
    """Whether the service said that there is no such thing."""
    return _CODE_OF.get(error.response.get("Error", {}).get("Code", "")) == "NotFound"
