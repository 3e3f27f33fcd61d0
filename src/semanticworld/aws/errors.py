"""botocore's exceptions, turned into errors that say what, why and the next step. No credential is ever in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from semanticworld.aws import codes
from semanticworld.aws.denial import read_denial, without_encoded_part
from semanticworld.aws.faults import (
    CONNECTION,
    clock_skew,
    error_code,
    error_message,
    is_passing,
    is_throttled,
    request_id,
    status_of,
)
from semanticworld.core.endpoint import masked
from semanticworld.errors import AwsAnswer, AwsError, Refused, SemanticWorldError

SKEW_LIMIT = timedelta(minutes=5)
"""How far a clock may be off before signatures are refused. Source: "Troubleshoot Signature Version 4", IAM User Guide."""

_SECRET = re.compile(
    r"(?<![A-Za-z0-9/+])"
    r"(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])"
    r"(?:[A-Za-z0-9/+]{40}|[A-Za-z0-9/+]{100,}={0,2})"
    r"(?![A-Za-z0-9/+])"
)
"""A secret access key (40 characters) or a session token. Source: "AWS secret access key", IAM User Guide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked when it failed: for the error's words."""

    service: str
    operation: str
    region: str
    profile: str | None = None
    endpoint_url: str | None = None
    region_known: bool = True
    embedded: bool = False
    status: int | None = None
    """The HTTP status of the answer, when there was one."""

    @property
    def words(self) -> str:
        """The call as people write it, such as ec2:DescribeInstances."""
        return f"{self.service}:{self.operation}"


def translated(exception: Exception, asked: Asked, *, now: datetime) -> SemanticWorldError | None:
    """Our error for one of botocore's, or None when it is not botocore's: then it is a bug and must be seen as one."""
    if isinstance(exception, boto.ClientError):
        return _answered(exception, asked, now=now)
    if isinstance(exception, boto.BotoCoreError | ResponseParserError):
        return _unanswered(exception, asked)
    return None


def _answered(exception: boto.ClientError, asked: Asked, *, now: datetime) -> SemanticWorldError:  # noqa: PLR0911 - a table
    code = error_code(exception)
    if not code and not error_message(exception):
        return _no_answer_of_aws(exception, replace(asked, status=status_of(exception)))
    words = without_secrets(without_encoded_part(error_message(exception))) or "AWS gave no reason"
    answer = AwsAnswer(code=code or str(status_of(exception)), operation=asked.words, request_id=request_id(exception))
    skew = clock_skew(exception, now=now)
    if code in codes.CLOCK_SKEW and (skew is not None and abs(skew) > SKEW_LIMIT):
        return _clock(skew, answer)
    if code == "RequestTimeTooSkewed" or (code == "RequestExpired" and skew is None):
        return _clock(None, answer)
    if code in codes.EXPIRED or code == "RequestExpired":
        return Refused("the AWS credentials have expired", why=words, hint=_log_in(asked), code="LIF903", aws=answer)
    if code in codes.INVALID_CREDENTIALS and "not authorized to perform" not in words:
        return Refused(
            "AWS does not accept the credentials",
            why=words,
            hint=f"check them with `aws sts get-caller-identity{_profile_option(asked)}`, or log in again",
            code="LIF904",
            aws=answer,
        )
    if code in codes.NOT_OPTED_IN:
        return AwsError(
            f"this account cannot use {asked.service} in {asked.region} yet",
            why=words,
            hint=_opt_in(words, asked),
            code="LIF910",
            aws=answer,
        )
    if code in codes.DENIED or code in codes.INVALID_CREDENTIALS:
        return _denied(error_message(exception), asked, answer)
    if is_throttled(exception):
        return AwsError(
            f"AWS kept refusing {asked.words} because it is asked too often",
            why=words,
            hint="wait a minute and run the same command again; it goes on where it stopped",
            code="LIF912",
            aws=answer,
        )
    if is_passing(exception):
        return AwsError(
            f"AWS kept failing at {asked.words}",
            why=words,
            hint="see https://health.aws.amazon.com/health/status, then run the same command again",
            code="LIF913",
            aws=answer,
        )
    return AwsError(
        f"AWS refused {asked.words}",
        why=words,
        hint="the reason above is AWS's own; correct what it names and run the same command again",
        code="LIF915",
        aws=answer,
    )


def _unanswered(exception: Exception, asked: Asked) -> SemanticWorldError:  # noqa: C901, PLR0911 - a table
    match exception:
        case boto.ProfileNotFound():
            return Refused(
                f"the AWS profile {asked.profile or 'named by AWS_PROFILE'} does not exist",
                why="it stands neither in the AWS config file nor in the credentials file",
                hint="list the profiles with `aws configure list-profiles`, or make it with `aws configure sso`",
                code="LIF905",
            )
        case boto.PartialCredentialsError():
            return Refused(
                "the AWS credentials are incomplete",
                why=f"the {exception.kwargs.get('provider', 'chosen')} source lacks "
                f"{exception.kwargs.get('cred_var', 'a part')}",
                hint="set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither and use a profile",
                code="LIF902",
            )
        case (
            boto.SSOError()
            | boto.LoginError()
            | boto.TokenRetrievalError()
            | boto.CredentialRetrievalError()
            | boto.RefreshWithMFAUnsupportedError()
        ):
            return Refused(
                "the AWS login has run out or cannot be renewed",
                why=_first_line(exception),
                hint=_log_in(asked),
                code="LIF903",
            )
        case boto.NoCredentialsError() | boto.NoAuthTokenError():
            return Refused(
                "there are no AWS credentials",
                why="none in the environment, in the AWS profile or from the machine we run on",
                hint="run `aws configure sso` or set AWS_PROFILE; to try everything without an account add --local",
                code="LIF901",
            )
        case boto.InvalidRegionError() | boto.NoRegionError() | boto.UnknownRegionError():
            return _unknown_region(asked)
        case boto.EndpointProviderError() | boto.UnknownEndpointError():
            return _unknown_region(asked)
        case boto.ConfigParseError() | boto.ConfigNotFound() | boto.InvalidConfigError():
            return Refused(
                "the AWS configuration cannot be read",
                why=_first_line(exception),
                hint="correct the file that is named (usually ~/.aws/config or ~/.aws/credentials)",
                code="LIF909",
            )
        case boto.SSLError():
            return Refused(
                f"the connection to {_place(asked)} is not trusted",
                why=_first_line(exception),
                hint="behind an inspecting proxy, name its certificate with AWS_CA_BUNDLE=/path/to/ca.pem",
                code="LIF906",
            )
        case _ if isinstance(exception, CONNECTION):
            if not asked.region_known and asked.endpoint_url is None:
                return _unknown_region(asked)
            return Refused(
                f"AWS cannot be reached at {_place(asked)}",
                why=_first_line(exception),
                hint="look at the embedded cloud with `./manage-compute.sh local status`, then run the same command again"
                if asked.embedded
                else "check the network, the proxy (HTTPS_PROXY) and the region; then run the same command again",
                code="LIF906",
            )
        case boto.ParamValidationError():
            return AwsError(
                f"{asked.words} cannot be asked like this",
                why=_report(exception),
                hint="correct the value that is named; nothing was sent",
                code="LIF916",
            )
        case _:
            return _no_answer_of_aws(exception, asked)


def _no_answer_of_aws(exception: Exception, asked: Asked) -> AwsError:
    status = f" with HTTP status {asked.status}" if asked.status else ""
    said = _first_line(exception).rstrip(": ")
    return AwsError(
        f"{_place(asked)} gives no answer of AWS",
        why=f"it answered {asked.words}{status}: {said}",
        hint="a proxy, a login page or another server may stand there: check HTTPS_PROXY and AWS_ENDPOINT_URL, then try again",
        code="LIF914",
    )


def _denied(message: str, asked: Asked, answer: AwsAnswer) -> AwsError:
    denial = read_denial(message)
    if denial is None:
        return AwsError(
            f"the credentials may not call {asked.words}",
            why=without_secrets(without_encoded_part(message)) or "AWS gave no reason",
            hint=f'ask for {{"Effect": "Allow", "Action": "{asked.words}", "Resource": "*"}}',
            code="LIF911",
            aws=answer,
        )
    why = f"{denial.who} is not authorized" + (f" on {denial.resource}" if denial.resource else "")
    if denial.because:
        why += f", {denial.because}"
    hint = (
        "a policy forbids it by an explicit deny, so another allow will not help; ask whoever owns that policy"
        if denial.explicit
        else f"ask for this statement: {denial.statement}"
    )
    return AwsError(f"the credentials may not call {denial.action}", why=why, hint=hint, code="LIF911", aws=answer)


def _clock(skew: timedelta | None, answer: AwsAnswer) -> Refused:
    seconds = None if skew is None else round(abs(skew.total_seconds()))
    off = (
        "AWS finds the request's time too far from its own"
        if skew is None or seconds is None
        else f"it is {seconds // 60} min {seconds % 60} s {'ahead of' if skew > timedelta(0) else 'behind'} AWS's"
    )
    return Refused(
        "this machine's clock is wrong",
        why=off,
        hint="set the clock (`sudo timedatectl set-ntp true`) and run the same command again",
        code="LIF908",
        aws=answer,
    )


def _unknown_region(asked: Asked) -> Refused:
    return Refused(
        f"{asked.service} has no endpoint for the region {asked.region!r}",
        why="the region's name is wrong, or the service is not offered there",
        hint="name a region such as eu-central-1 with --region or AWS_REGION",
        code="LIF907",
    )


def _opt_in(words: str, asked: Asked) -> str:
    if "marketplace" in words.lower():
        return "accept the product's terms on its AWS Marketplace page, then run the same command again"
    if "validated" in words.lower() or "verification" in words.lower():
        return "AWS is still verifying the account; wait for its mail (up to 4 hours), then try again"
    return (
        f"finish the account's sign-up, or enable the region with "
        f"`aws account enable-region --region-name {asked.region}`"
    )


def _log_in(asked: Asked) -> str:
    return f"run `aws sso login{_profile_option(asked)}` (or renew the keys), then the same command again"


def _profile_option(asked: Asked) -> str:
    return f" --profile {asked.profile}" if asked.profile else ""


def _place(asked: Asked) -> str:
    return masked(asked.endpoint_url) if asked.endpoint_url else f"{asked.service} in {asked.region}"


def without_secrets(text: str) -> str:
    """The text without anything that looks like a secret key or a session token: a program asked for keys may say them."""
    return _SECRET.sub("[hidden]", masked(text))


def _first_line(exception: Exception) -> str:
    return without_secrets((str(exception).strip().splitlines() or [type(exception).__name__])[0])


def _report(exception: Exception) -> str:
    """What botocore's validation found, without its headline."""
    lines = [line.strip() for line in str(exception).splitlines()[1:] if line.strip()]
    return without_secrets("; ".join(lines)) or _first_line(exception)
