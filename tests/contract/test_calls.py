from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from semanticworld.aws.calls import Calls, in_parallel
from semanticworld.errors import AwsError, Refused

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
Make = Callable[..., tuple[Calls, Any]]
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


def test_a_passing_fault_is_tried_again_and_nobody_hears_of_it(canned: Any, canned_calls: Make) -> None:
    canned.answers = [(500, {}, refusal("InternalFailure")), (200, {}, IDENTITY)]
    calls, clock = canned_calls()
    assert calls.call("sts", "GetCallerIdentity")["Account"] == "123456789012"
    assert len(canned.asked) == 2
    assert clock.slept_s == []


def test_a_400_that_means_throttling_is_tried_again(canned: Any, canned_calls: Make) -> None:
    canned.answers = [(400, {}, refusal("RequestLimitExceeded")), (200, {}, IDENTITY)]
    calls, _ = canned_calls()
    assert calls.call("sts", "GetCallerIdentity")["Account"] == "123456789012"


def test_what_botocore_gives_up_on_is_tried_with_a_fresh_client_until_patience_runs_out(
    canned: Any, canned_calls: Make
) -> None:
    canned.answers = [(500, {}, refusal("InternalFailure"))]
    calls, clock = canned_calls(patience_s=2.0, attempts=2)
    with pytest.raises(AwsError) as caught:
        calls.call("sts", "GetCallerIdentity")
    assert caught.value.code == "LIF913"
    assert clock.slept_s == [1.0]
    assert len(canned.asked) == 4


def test_a_refusal_is_not_repeated(canned: Any, canned_calls: Make) -> None:
    canned.answers = [(403, {}, refusal("InvalidClientTokenId"))]
    calls, _ = canned_calls()
    with pytest.raises(Refused) as caught:
        calls.call("sts", "GetCallerIdentity")
    assert caught.value.code == "LIF904"
    assert len(canned.asked) == 1


def test_every_request_says_who_asks(canned: Any, canned_calls: Make) -> None:
    canned.answers = [(200, {}, IDENTITY)]
    calls, _ = canned_calls()
    calls.call("sts", "GetCallerIdentity")
    assert "semanticworld/" in canned.asked[0]["headers"]["User-Agent"]


def test_made_up_credentials_are_what_is_sent(canned: Any, canned_calls: Make) -> None:
    canned.answers = [(200, {}, IDENTITY)]
    calls, _ = canned_calls()
    calls.call("sts", "GetCallerIdentity")
    assert "Credential=key/" in canned.asked[0]["headers"]["Authorization"]


def test_without_a_network_the_first_call_gives_up_soon(cache_home: Any) -> None:
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


def test_no_credentials_are_told_before_anything_is_sent(cache_home: Any) -> None:
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


def test_pages_end_when_aws_repeats_a_token(canned: Any, canned_calls: Make) -> None:
    body = (
        b"<ListExportsResponse><ListExportsResult><Exports/><NextToken>again</NextToken></ListExportsResult>"
        b"</ListExportsResponse>"
    )
    canned.answers = [(200, {}, body)]
    calls, _ = canned_calls()
    assert len(list(calls.pages("cloudformation", "ListExports"))) == 2


def test_parallel_tasks_keep_their_order_and_raise_the_first_failure() -> None:
    assert in_parallel([lambda number=number: number for number in range(40)]) == list(range(40))

    def fails() -> int:
        raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        in_parallel([lambda: 1, fails])
