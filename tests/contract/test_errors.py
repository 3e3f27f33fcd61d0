from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from semanticworld.aws.denial import read_denial
from semanticworld.aws.errors import Asked, translated
from semanticworld.errors import AwsError, Refused, SemanticWorldError

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ASKED = Asked(service="ec2", operation="RunInstances", region="eu-central-1", profile="work")
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's documented example
DENIED = (
    "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ec2:RunInstances on resource: "
    "arn:aws:ec2:eu-central-1:123456789012:instance/* because no identity-based policy allows the ec2:RunInstances "
    "action. Encoded authorization failure message: dGhpcyBpcyBsb25n"
)


def answer(code: str, message: str = "words", *, status: int = 400, date: datetime | None = None) -> boto.ClientError:
    headers = {} if date is None else {"date": format_datetime(date)}
    metadata: Any = {"RequestId": "req-1", "HTTPStatusCode": status, "HTTPHeaders": headers, "RetryAttempts": 0}
    return boto.ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "RunInstances")


def ours(error: Exception, asked: Asked = ASKED) -> SemanticWorldError:
    found = translated(error, asked, now=NOW)
    assert found is not None
    return found


ANSWERS = [
    (answer("ExpiredToken"), Refused, "LIF903"),
    (answer("ExpiredTokenException"), Refused, "LIF903"),
    (answer("RequestExpired", date=NOW), Refused, "LIF903"),
    (answer("InvalidClientTokenId", status=403), Refused, "LIF904"),
    (answer("UnrecognizedClientException"), Refused, "LIF904"),
    (answer("AuthFailure", status=401), Refused, "LIF904"),
    (answer("SignatureDoesNotMatch", status=403, date=NOW), Refused, "LIF904"),
    (answer("SignatureDoesNotMatch", status=403, date=NOW - timedelta(minutes=9)), Refused, "LIF908"),
    (answer("RequestTimeTooSkewed", status=403), Refused, "LIF908"),
    (answer("RequestExpired", date=NOW + timedelta(hours=2)), Refused, "LIF908"),
    (answer("OptInRequired", status=401), AwsError, "LIF910"),
    (answer("PendingVerification"), AwsError, "LIF910"),
    (answer("UnauthorizedOperation", DENIED, status=403), AwsError, "LIF911"),
    (answer("AccessDenied", status=403), AwsError, "LIF911"),
    (answer("AccessDeniedException"), AwsError, "LIF911"),
    (answer("403", "Forbidden", status=403), AwsError, "LIF911"),
    (answer("RequestLimitExceeded"), AwsError, "LIF912"),
    (answer("RequestLimitExceeded", status=503), AwsError, "LIF912"),
    (answer("Throttling"), AwsError, "LIF912"),
    (answer("InternalError", status=500), AwsError, "LIF913"),
    (answer("ServiceUnavailable", status=503), AwsError, "LIF913"),
    (answer("LimitExceededException"), AwsError, "LIF915"),
    (answer("ValidationError", "Stack [x] does not exist"), AwsError, "LIF915"),
    (answer("SomethingNobodyKnows"), AwsError, "LIF915"),
]

SILENCES = [
    (boto.NoCredentialsError(), "LIF901"),
    (boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), "LIF902"),
    (boto.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"), "LIF903"),
    (boto.SSOTokenLoadError(error_msg="no token"), "LIF903"),
    (boto.UnauthorizedSSOTokenError(), "LIF903"),
    (boto.LoginRefreshRequired(), "LIF903"),
    (boto.CredentialRetrievalError(provider="process", error_msg="exit 1"), "LIF903"),
    (boto.ProfileNotFound(profile="work"), "LIF905"),
    (boto.EndpointConnectionError(endpoint_url="https://ec2"), "LIF906"),
    (boto.ConnectTimeoutError(endpoint_url="https://ec2"), "LIF906"),
    (boto.ReadTimeoutError(endpoint_url="https://ec2"), "LIF906"),
    (boto.ConnectionClosedError(endpoint_url="https://ec2"), "LIF906"),
    (boto.ProxyConnectionError(proxy_url="http://proxy"), "LIF906"),
    (boto.SSLError(endpoint_url="https://ec2", error=Exception("self-signed")), "LIF906"),
    (boto.InvalidRegionError(region_name="eu_central"), "LIF907"),
    (boto.NoRegionError(), "LIF907"),
    (boto.EndpointResolutionError(msg="no rule"), "LIF907"),
    (boto.ConfigParseError(path="~/.aws/config"), "LIF909"),
    (ResponseParserError("not XML"), "LIF914"),
    (boto.ParamValidationError(report="Missing required parameter"), "LIF916"),
]


@pytest.mark.parametrize(("error", "kind", "code"), ANSWERS)
def test_an_answer_of_aws_becomes_our_error_with_the_answer_kept(
    error: boto.ClientError, kind: type[SemanticWorldError], code: str
) -> None:
    found = ours(error)
    assert (type(found), found.code) == (kind, code)
    assert found.aws is not None
    assert found.aws.code == error.response["Error"]["Code"]
    assert found.aws.operation == "ec2:RunInstances"
    assert found.aws.request_id == "req-1"
    assert all((found.what, found.why, found.hint))


@pytest.mark.parametrize(("error", "code"), SILENCES)
def test_no_answer_of_aws_becomes_a_refusal_that_says_what_to_do(error: Exception, code: str) -> None:
    found = ours(error)
    assert found.code == code
    assert found.aws is None
    assert isinstance(found, Refused) == (code not in {"LIF914", "LIF916"})
    assert found.hint


def test_another_exception_is_not_hidden() -> None:
    assert translated(KeyError("x"), ASKED, now=NOW) is None


def test_a_wrong_clock_is_told_with_its_offset() -> None:
    found = ours(answer("SignatureDoesNotMatch", date=NOW - timedelta(minutes=9, seconds=5)))
    assert "9 min 5 s ahead" in found.why


def test_the_login_command_names_the_profile() -> None:
    assert "aws sso login --profile work" in ours(answer("ExpiredToken")).hint


def test_a_denial_names_the_missing_statement_and_drops_the_encoded_part() -> None:
    found = ours(answer("UnauthorizedOperation", DENIED, status=403))
    assert "ec2:RunInstances" in found.what
    assert "because no identity-based policy allows" in found.why
    assert '"Action": "ec2:RunInstances"' in found.hint
    assert "instance/*" in found.hint
    assert "dGhpcyBpcyBsb25n" not in f"{found.what}{found.why}{found.hint}"


def test_an_explicit_deny_is_not_answered_with_another_allow() -> None:
    denial = read_denial(
        "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: iam:PassRole on resource: "
        "arn:aws:iam::123456789012:role/x with an explicit deny in a permissions boundary: arn:aws:iam::aws:policy/b"
    )
    assert denial is not None
    assert denial.explicit
    assert (denial.action, denial.resource) == ("iam:PassRole", "arn:aws:iam::123456789012:role/x")


def test_a_denial_without_resource_and_reason_is_read_as_well() -> None:
    denial = read_denial("User: arn:aws:iam::1:user/a is not authorized to perform: sns:ListTopics")
    assert denial is not None
    assert (denial.action, denial.resource, denial.because) == ("sns:ListTopics", None, None)
    assert denial.statement == '{"Effect": "Allow", "Action": "sns:ListTopics", "Resource": "*"}'


def test_an_unknown_region_without_connection_is_called_by_its_name() -> None:
    asked = Asked(service="ec2", operation="DescribeVpcs", region="eu-nowhere-1", region_known=False)
    found = ours(boto.EndpointConnectionError(endpoint_url="https://ec2.eu-nowhere-1"), asked)
    assert found.code == "LIF907"
    assert "eu-nowhere-1" in found.what


def test_an_embedded_cloud_that_is_gone_is_not_blamed_on_the_network() -> None:
    asked = Asked(service="ec2", operation="DescribeVpcs", region="eu-central-1", embedded=True)
    found = ours(boto.EndpointConnectionError(endpoint_url="http://127.0.0.1:4566"), asked)
    assert "local status" in found.hint


TOKEN = "IQoJb3JpZ2luX2VjE" + "aB3/+" * 40
TALKATIVE = [
    boto.CredentialRetrievalError(provider="process", error_msg=f"bad output: key={SECRET}, token {TOKEN}"),
    boto.TokenRetrievalError(provider="sso", error_msg=f'{{"accessToken": "{TOKEN}"}}'),
    boto.ConfigParseError(path=f"~/.aws/config: aws_secret_access_key = {SECRET}"),
    boto.ParamValidationError(report=f"Invalid type for parameter X, value: {SECRET}"),
    answer("InvalidClientTokenId", f"The secret {SECRET} and the token {TOKEN} do not fit", status=403),
    answer("AccessDenied", f"not with {SECRET}", status=403),
    answer("SomethingNobodyKnows", f"{TOKEN}"),
]


@pytest.mark.parametrize("error", TALKATIVE)
def test_no_credential_is_ever_in_an_error_even_where_others_say_it(error: Exception) -> None:
    assert SECRET in str(error) or TOKEN in str(error)
    found = ours(error)
    told = f"{found.what}{found.why}{found.hint}{found}"
    assert SECRET not in told
    assert TOKEN not in told


def test_ids_and_arns_stay_readable() -> None:
    said = (
        "arn:aws:cloudformation:eu-central-1:123456789012:stack/semanticworld-dev-compute/71cca5ec-d3e7-4130-ba53-887057053aab "
        "arn:aws:iam::123456789012:role/semanticworld/semanticworld-dev-node-eu-central-1 i-0123456789abcdef0 "
        "/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04/latest/ami-id"
    )
    assert ours(answer("ValidationError", said)).why == said


RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
SOURCES = Path(__file__).parents[2] / "src" / "semanticworld"


def test_every_code_that_the_edge_raises_has_a_page() -> None:
    files = [*(SOURCES / "aws").glob("*.py"), *(SOURCES / "system").glob("*.py"), SOURCES / "wiring.py"]
    raised = {code for path in files for code in re.findall(r'code="([A-Z]{3}\d{3})"', path.read_text())}
    assert len(raised) > 20
    assert {code for code in raised if not (RUNBOOKS / f"{code}.md").is_file()} == set()
