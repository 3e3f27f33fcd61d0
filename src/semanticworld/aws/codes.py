"""All AWS error codes this project tells apart, as sets.

Sources: botocore 1.43 service models and retries/standard.py; "Error codes for the Amazon EC2 API", AWS documentation;
"Common Error Types", AWS CloudFormation API Reference; each read 2026-11.
"""

from __future__ import annotations

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",  # only where it comes with a status of 429; see errors.is_throttled
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Asked too often. Source: botocore 1.43 retries/standard.py, ThrottledRetryableChecker."""

PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "InternalServiceError",
        "InternalServiceException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServerInternal",
        "ServiceFailure",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
    }
)
"""AWS's own fault, likely gone the next time. Source: EC2 API error codes, server error codes; botocore's _retry.json."""

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
"""The credentials were good once. Source: STS and S3 API references, error codes."""

INVALID_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSecurity",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""AWS does not know these credentials. Source: "Common Error Types"; EC2 API error codes."""

CLOCK_SKEW = frozenset(
    {
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
    }
)
"""Answers that a wrong clock gets too. Source: botocore 1.43 handlers and EC2 API error codes (RequestExpired)."""

DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AllAccessDisabled",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "403",  # HeadBucket has no body to carry a code
        "UnauthorizedAccess",
        "UnauthorizedOperation",
    }
)
"""Known, but not allowed. Source: "Common Error Types"; EC2, SNS and S3 API references."""

NOT_OPTED_IN = frozenset({"OptInRequired", "SubscriptionRequiredException", "PendingVerification", "Blocked"})
"""The account has not taken up the service, region or product. Source: EC2 API error codes."""

UNKNOWN_STACK = frozenset({"ValidationError"})
"""CloudFormation has no code of its own for a missing stack: the text decides as well (stacks.py)."""

MISSING_CHANGE_SET = frozenset({"ChangeSetNotFound", "ChangeSetNotFoundException"})
"""Source: CloudFormation API Reference, DeleteChangeSet and DescribeChangeSet."""

MISSING = frozenset(
    {
        "404",
        "DashboardNotFoundError",
        "InvalidAddress.NotFound",
        "InvalidAddressID.NotFound",
        "InvalidAllocationID.NotFound",
        "InvalidDocument",  # SSM's word for a document that does not exist
        "InvalidFlowLogId.NotFound",
        "InvalidGroup.NotFound",
        "InvalidInstanceID.NotFound",
        "InvalidInternetGatewayID.NotFound",
        "InvalidInternetGatewayId.NotFound",
        "InvalidLaunchTemplateId.NotFound",
        "InvalidLaunchTemplateId.NotFoundException",
        "InvalidLaunchTemplateName.NotFoundException",
        "InvalidNetworkInterfaceID.NotFound",
        "InvalidRouteTableID.NotFound",
        "InvalidRouteTableId.NotFound",
        "InvalidSecurityGroupRuleId.NotFound",
        "InvalidSnapshot.NotFound",
        "InvalidSpotInstanceRequestID.NotFound",
        "InvalidSubnetID.NotFound",
        "InvalidVolume.NotFound",
        "InvalidVpcEndpointId.NotFound",
        "InvalidVpcID.NotFound",
        "NatGatewayNotFound",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NoSuchKey",
        "NoSuchUpload",
        "NotFound",
        "NotFoundException",
        "ParameterNotFound",
        "ResourceNotFound",
        "ResourceNotFoundException",
    }
)
"""The thing asked for is not there. Source: the services' API references and botocore 1.43 models."""

MISSING_INSTANCE = frozenset({"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"})
"""Source: EC2 API error codes."""

UNKNOWN_INSTANCE_TYPE = frozenset({"InvalidInstanceType"})
"""Source: EC2 API error codes; DescribeInstanceTypes."""

MISSING_IMAGE = frozenset({"InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"})
"""Source: EC2 API error codes."""

MISSING_PARAMETER = frozenset({"ParameterNotFound", "ParameterVersionNotFound"})
"""Source: Systems Manager API Reference, GetParameter."""

NOT_BUILT = frozenset({"InvalidAction", "NotImplemented", "UnknownOperationException", "UnsupportedOperation", "501"})
"""The endpoint does not know the operation: an embedded cloud or another copy of AWS, or a region without the service."""
