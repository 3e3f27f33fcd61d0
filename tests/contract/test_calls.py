from __future__ import annotations

import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from canned_aws import CannedWorld
from semanticworld.aws.calls import Calls, in_parallel
from semanticworld.aws.session import Access
from semanticworld.errors import AwsError, Refused

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
IDENTITY = (
    b"<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><GetCallerIdentityResult>"
    b"<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>x</UserId><Account>123456789012</Account>"
    b"</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
)


def refusal(code: str) -> bytes:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>words</Message></Error>"
        "<RequestId>r</RequestId></ErrorResponse>"
    ).encode()


def run_python(program: str, **environ: str) -> str:
    """What a process of its own prints: one that never asks the machine it runs on for credentials."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    quiet = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], env=kept | quiet | environ, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_a_passing_fault_is_tried_again_and_nobody_hears_of_it(canned: CannedWorld) -> None:
    canned.aws.answers = [(500, refusal("InternalFailure")), (200, IDENTITY)]
    assert canned.calls.call("sts", "GetCallerIdentity")["Account"] == "123456789012"
    assert len(canned.aws.asked) == 2
    assert canned.clock.slept_s == []


def test_a_400_that_means_throttling_is_tried_again(canned: CannedWorld) -> None:
    canned.aws.answers = [(400, refusal("RequestLimitExceeded")), (200, IDENTITY)]
    assert canned.calls.call("sts", "GetCallerIdentity")["Account"] == "123456789012"


def test_what_botocore_gives_up_on_is_tried_with_a_fresh_client_until_patience_runs_out(canned: CannedWorld) -> None:
    canned.aws.answers = [(500, refusal("InternalFailure"))]
    with pytest.raises(AwsError) as caught:
        canned.calls.call("sts", "GetCallerIdentity")
    assert caught.value.code == "LIF913"
    assert canned.clock.slept_s == [1.0]
    assert len(canned.aws.asked) == 4


def test_a_refusal_is_not_repeated(canned: CannedWorld) -> None:
    canned.aws.answers = [(403, refusal("InvalidClientTokenId"))]
    with pytest.raises(Refused) as caught:
        canned.calls.call("sts", "GetCallerIdentity")
    assert caught.value.code == "LIF904"
    assert len(canned.aws.asked) == 1


def test_every_request_says_who_asks(canned: CannedWorld) -> None:
    canned.aws.answers = [(200, IDENTITY)]
    canned.calls.call("sts", "GetCallerIdentity")
    assert "semanticworld/" in canned.aws.headers[0]["User-Agent"]


def test_made_up_credentials_are_what_is_sent(canned: CannedWorld) -> None:
    canned.aws.answers = [(200, IDENTITY)]
    canned.calls.call("sts", "GetCallerIdentity")
    assert "Credential=key/" in canned.aws.headers[0]["Authorization"]


def test_without_a_network_the_first_call_gives_up_soon(cache_home: Path) -> None:
    program = (
        "import os, time\n"
        "from semanticworld.aws.calls import Calls\n"
        "from semanticworld.aws.session import Access\n"
        "from semanticworld.errors import Refused\n"
        "from semanticworld.system.clock import SystemClock\n"
        "started = time.monotonic()\n"
        "try:\n"
        "    Calls(Access(), clock=SystemClock()).call('sts', 'GetCallerIdentity')\n"
        "except Refused as error:\n"
        "    print(error.code, error.what)\n"
        "print(time.monotonic() - started < 12)\n"
    )
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        said = run_python(program, XDG_CACHE_HOME=str(cache_home), AWS_ENDPOINT_URL=url, **KEYS)
    assert said.splitlines() == [f"LIF906 AWS cannot be reached at {url}", "True"]


def test_no_credentials_are_told_before_anything_is_sent(cache_home: Path) -> None:
    program = (
        "from semanticworld.aws.calls import Calls\n"
        "from semanticworld.aws.session import Access\n"
        "from semanticworld.errors import Refused\n"
        "from semanticworld.system.clock import SystemClock\n"
        "try:\n"
        "    Calls(Access(), clock=SystemClock()).call('sts', 'GetCallerIdentity')\n"
        "except Refused as error:\n"
        "    print(error.code)\n"
    )
    said = run_python(program, XDG_CACHE_HOME=str(cache_home), AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert said.split() == ["LIF901"]


def test_pages_end_when_aws_repeats_a_token(canned: CannedWorld) -> None:
    body = (
        b"<ListExportsResponse><ListExportsResult><Exports/><NextToken>again</NextToken></ListExportsResult>"
        b"</ListExportsResponse>"
    )
    canned.aws.answers = [(200, body)]
    assert len(list(canned.calls.pages("cloudformation", "ListExports"))) == 2


def test_parallel_tasks_keep_their_order_and_raise_the_first_failure() -> None:
    assert in_parallel([partial(int, number) for number in range(40)]) == list(range(40))

    def fails() -> int:
        message = "first"
        raise ValueError(message)

    with pytest.raises(ValueError, match="first"):
        in_parallel([lambda: 1, fails])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<DescribeStacksResponse><Other/></DescribeStacksResponse>"),
        (200, b"<html><body>log in</body></html>"),
        (200, b"oops"),
        (200, b""),
        (302, b"<html>elsewhere</html>"),
        (403, b"<html><head></head><body>Forbidden</body></html>"),
        (403, b"<html><br>"),
        (404, b"{}"),
    ],
)
def test_an_answer_that_is_none_of_aws_names_status_and_place(canned: CannedWorld, status: int, body: bytes) -> None:
    canned.aws.answers = [(status, body)]
    with pytest.raises(AwsError) as caught:
        canned.calls.call("cloudformation", "DescribeStacks")
    error = caught.value
    assert error.code == "LIF914"
    assert canned.aws.url in error.what
    assert f"HTTP status {status}" in error.why
    assert not error.why.endswith(":")


def test_a_500_that_is_no_answer_of_aws_names_its_status(canned: CannedWorld) -> None:
    canned.aws.answers = [(500, b"oops")]
    with pytest.raises(AwsError) as caught:
        canned.calls.call("cloudformation", "DescribeStacks")
    assert "500" in caught.value.why


def test_who_waits_hears_that_aws_does_not_answer(canned: CannedWorld) -> None:
    told: list[str] = []
    calls = Calls(
        Access(endpoint_url=canned.aws.url, made_up_key="key"),
        clock=canned.clock,
        patience_s=20,
        attempts=1,
        tell=told.append,
    )
    canned.aws.answers = [(400, refusal("Throttling"))]
    with pytest.raises(AwsError):
        calls.call("sts", "GetCallerIdentity")
    assert set(told) == {"AWS does not answer (Throttling): trying again"}
    assert 1 < len(told) <= 20 / 3
    told.clear()
    canned.aws.answers = [(400, refusal("Throttling")), (200, IDENTITY)]
    calls.call("sts", "GetCallerIdentity")
    assert told == []


def test_an_address_that_says_nothing_is_given_up_soon(cache_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://me:geheim@127.0.0.1:{silent.getsockname()[1]}"
        program = (
            "import time\n"
            "from semanticworld.aws.calls import Calls\n"
            "from semanticworld.aws.session import Access\n"
            "from semanticworld.errors import Refused\n"
            "from semanticworld.system.clock import SystemClock\n"
            "started = time.monotonic()\n"
            "try:\n"
            f"    Calls(Access(endpoint_url='{url}'), clock=SystemClock(), tell=print, first_read_timeout_s=3.1)"
            ".call('sts', 'GetCallerIdentity')\n"
            "except Refused as error:\n"
            "    print(error.code, error.what, error.why)\n"
            "print(time.monotonic() - started < 12)\n"
        )
        said = run_python(program, XDG_CACHE_HOME=str(cache_home), **KEYS).splitlines()
    assert said[0] == "AWS does not answer (ReadTimeoutError): trying again"
    assert said[-2].startswith("LIF906 AWS cannot be reached at http://***@127.0.0.1")
    assert said[-1] == "True"
    assert "geheim" not in "".join(said)
