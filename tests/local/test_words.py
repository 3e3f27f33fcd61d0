from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.errors import UsageError
from semanticworld.local import words
from semanticworld.local.fault import (
    Capacity,
    ExpiredToken,
    FailingResource,
    Fault,
    Latency,
    LostAnswer,
    ServiceError,
    SlowResource,
    Throttle,
    Where,
    describe,
    from_json,
    to_json,
)

ASKED = [
    ("latency 100ms", Latency(min_s=0.1, max_s=0.1)),
    (
        "latency 50ms-200ms --service ec2 --operation DescribeInstances --times 3",
        Latency(where=Where(service="ec2", operation="DescribeInstances"), min_s=0.05, max_s=0.2, times=3),
    ),
    ("throttle 30%", Throttle(share=0.3)),
    ("throttle 0.5 --service cloudwatch", Throttle(where=Where(service="monitoring"), share=0.5)),
    ("capacity g4dn.xlarge --zone eu-central-1a", Capacity(instance_type="g4dn.xlarge", zone="eu-central-1a")),
    ("capacity any --times=2", Capacity(instance_type=None, times=2)),
    ("resource Instance --on create --reason boom", FailingResource(resource="Instance", reason="boom")),
    ("resource AWS::EC2::VPC --on delete", FailingResource(resource="AWS::EC2::VPC", action="delete")),
    ("slow Instance 1m30s --on update", SlowResource(resource="Instance", delay_s=90.0, action="update")),
    ("slow Instance 5s --on rollback", SlowResource(resource="Instance", delay_s=5.0, action="rollback")),
    ("lost-answer CreateStack --times 1", LostAnswer(where=Where(operation="CreateStack"))),
    (
        "error ec2:RunInstances UnauthorizedOperation --status 403 --message no",
        ServiceError(
            where=Where(service="ec2", operation="RunInstances"), code="UnauthorizedOperation", status=403, message="no"
        ),
    ),
    ("expired-token", ExpiredToken()),
]


@pytest.mark.parametrize(("text", "fault"), ASKED, ids=[text for text, _ in ASKED])
def test_the_words_say_what_goes_wrong(text: str, fault: Fault) -> None:
    assert words.fault(text.split()) == fault


@pytest.mark.parametrize(("text", "fault"), ASKED, ids=[text for text, _ in ASKED])
def test_a_fault_survives_json(text: str, fault: Fault) -> None:
    del text
    assert from_json(to_json(fault)) == fault


@pytest.mark.parametrize(("text", "fault"), ASKED, ids=[text for text, _ in ASKED])
def test_a_fault_is_told_in_one_line(text: str, fault: Fault) -> None:
    told = describe(fault)
    assert "\n" not in told
    named = [word for word in text.split()[1:] if word[0].isalpha() and word[0].isupper()]
    assert all(word in told for word in named)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quake",
        "latency",
        "latency soon",
        "latency 200ms-50ms",
        "latency 1s 2s",
        "latency 1s --zone a",
        "throttle 0%",
        "throttle 101%",
        "throttle nan",
        "throttle -5%",
        "capacity g4dn.xlarge --times 0",
        "resource Instance --on reboot",
        "slow Instance",
        "error ec2:RunInstances",
        "error ec2:RunInstances X --status 200",
        "error ec2:RunInstances X --status",
        "lost-answer",
    ],
)
def test_what_is_not_understood_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        words.fault(text.split())
    assert refused.value.code == "LOC003"
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("250ms", 0.25), ("90s", 90), ("5m", 300), ("5min", 300), ("2h", 7200), ("1h30m", 5400), ("3d", 259200)],
)
def test_durations(text: str, seconds: float) -> None:
    assert words.duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "2", "h", "2 h", "-2h", "2h-", "1e9d", "99999d", "\uff12h"])
def test_no_durations(text: str) -> None:
    with pytest.raises(UsageError):
        words.duration(text)


@given(st.lists(st.text(max_size=12), max_size=5))
def test_any_words_are_read_or_refused_and_nothing_else(text: list[str]) -> None:
    with contextlib.suppress(UsageError):
        words.fault(text)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "x"},
        {"kind": "latency"},
        {"kind": "throttle", "share": 1, "os": 2},
        {"kind": "latency", "where": {"a": 1}, "min_s": 1, "max_s": 1},
    ],
)
def test_what_is_no_fault_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no fault|takes"):
        from_json(values)
