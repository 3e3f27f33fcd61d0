"""The words of `local fault` and `local advance`, read into values.

    latency 100ms | latency 50ms-200ms      [--service S] [--operation O] [--times N]
    throttle 30%                            [--service S] [--operation O] [--times N]
    capacity TYPE|any                       [--zone Z] [--times N]
    resource LOGICAL-ID|TYPE                [--on create|update|delete|rollback] [--reason TEXT] [--times N]
    slow LOGICAL-ID|TYPE 30s                [--on create|update|delete|rollback] [--times N]
    lost-answer OPERATION                   [--service S] [--times N]
    error OPERATION CODE                    [--service S] [--status N] [--message TEXT] [--times N]
    expired-token                           [--service S] [--operation O] [--times N]

An OPERATION may carry its service: `ec2:RunInstances`. `update` does not strike when an update is taken back: on AWS what
could not be changed can mostly go back. `rollback` does, which ends in UPDATE_ROLLBACK_FAILED.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from semanticworld.errors import UsageError
from semanticworld.local.fault import (
    ACTIONS,
    Action,
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
)

_SIGNING_NAMES = {
    "cloudwatch": "monitoring",
    "cloudwatch-logs": "logs",
    "eventbridge": "events",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tagging",
    "service-quotas": "servicequotas",
}
"""What boto3 and the aws CLI call a service, where that differs from the name a request is signed for."""

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|min|m|h|d)")
_LONGEST_S = 3650 * 86400.0

Options: TypeAlias = Mapping[str, str]


def fault(words: Sequence[str]) -> Fault:
    """The fault that these words ask for.

    Raises:
        UsageError: LOC003, with what would have been right.

    """
    if not words or words[0] not in _GRAMMAR:
        raise _wrong(f"{words[0]!r} is no fault" if words else "no fault was named", f"one of: {', '.join(_GRAMMAR)}")
    kind, *rest = words
    grammar = _GRAMMAR[kind]
    plain, options = _split(kind, rest, grammar.options)
    if len(plain) != grammar.words:
        raise _wrong(f"{kind} takes {grammar.words} word(s), not {len(plain)}", "see `local fault --help`")
    times = _number("--times", options["times"], 1, 1_000_000) if "times" in options else None
    return grammar.read(plain, options, times)


def _latency(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    least, _, most = plain[0].partition("-")
    min_s, max_s = duration(least).total_seconds(), duration(most or least).total_seconds()
    if max_s < min_s:
        raise _wrong(f"{plain[0]!r} ends before it begins", "the shorter time stands first: 50ms-200ms")
    return Latency(where=_where(options), min_s=min_s, max_s=max_s, times=times)


def _throttle(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    return Throttle(where=_where(options), share=share(plain[0]), times=times)


def _capacity(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    return Capacity(instance_type=None if plain[0] == "any" else plain[0], zone=options.get("zone"), times=times)


def _resource(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    reason = {"reason": options["reason"]} if "reason" in options else {}
    return FailingResource(resource=plain[0], action=_action(options), times=times, **reason)


def _slow(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    return SlowResource(
        resource=plain[0], delay_s=duration(plain[1]).total_seconds(), action=_action(options), times=times
    )


def _lost_answer(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    return LostAnswer(where=_where(options, plain[0]), times=times or 1)


def _error(plain: Sequence[str], options: Options, times: int | None) -> Fault:
    message = {"message": options["message"]} if "message" in options else {}
    status = _number("--status", options.get("status", "400"), 300, 599)
    return ServiceError(where=_where(options, plain[0]), code=plain[1], status=status, times=times, **message)


def _expired_token(_: Sequence[str], options: Options, times: int | None) -> Fault:
    return ExpiredToken(where=_where(options), times=times)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grammar:
    words: int
    options: frozenset[str]
    read: Callable[[Sequence[str], Options, int | None], Fault]


def _grammar(words: int, options: str, read: Callable[[Sequence[str], Options, int | None], Fault]) -> _Grammar:
    return _Grammar(words=words, options=frozenset(options.split()), read=read)


_GRAMMAR = {
    "latency": _grammar(1, "service operation times", _latency),
    "throttle": _grammar(1, "service operation times", _throttle),
    "capacity": _grammar(1, "zone times", _capacity),
    "resource": _grammar(1, "on reason times", _resource),
    "slow": _grammar(2, "on times", _slow),
    "lost-answer": _grammar(1, "service times", _lost_answer),
    "error": _grammar(2, "service status message times", _error),
    "expired-token": _grammar(0, "service operation times", _expired_token),
}


def duration(text: str) -> timedelta:
    """A length of time from words like `2h`, `90s`, `1h30m`, `250ms`.

    Raises:
        UsageError: LOC003.

    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise _wrong(f"{text!r} is no duration", "write 100ms, 90s, 5m, 2h, 1h30m or 3d")
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    if seconds > _LONGEST_S:
        raise _wrong(f"{text!r} is longer than ten years", "choose a shorter time")
    return timedelta(seconds=seconds)


def share(text: str) -> float:
    """A share of 0 to 1 from words like `30%` or `0.3`.

    Raises:
        UsageError: LOC003.

    """
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise _wrong(f"{text!r} is no share of the calls", "write 1% to 100%")
    return value


def _split(kind: str, rest: Sequence[str], known: AbstractSet[str]) -> tuple[list[str], dict[str, str]]:
    """The plain words and the options; `--name value` and `--name=value` mean the same."""
    plain, options = list[str](), dict[str, str]()
    words = iter(rest)
    for word in words:
        if not word.startswith("--"):
            plain.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if name not in known:
            raise _wrong(
                f"{kind} has no option --{name}", f"it takes {', '.join(f'--{option}' for option in sorted(known))}"
            )
        if not equals:
            found = next(words, None)
            if found is None:
                raise _wrong(f"--{name} wants a value", f"write --{name} VALUE")
            value = found
        options[name] = value
    return plain, options


def _where(options: Options, operation: str | None = None) -> Where:
    service, _, name = (operation or options.get("operation") or "").rpartition(":")
    service = (service or options.get("service") or "").lower()
    return Where(service=_SIGNING_NAMES.get(service, service) or None, operation=name or None)


def _action(options: Options) -> Action:
    word = options.get("on", "create")
    for action in ACTIONS:
        if action == word:
            return action
    raise _wrong(f"--on {word} is not known", f"one of: {', '.join(ACTIONS)}")


def _number(option: str, text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise _wrong(f"{option} {text} is no number from {least} to {most}", f"write {option} {least}")
    return int(text)


def _wrong(why: str, hint: str) -> UsageError:
    return UsageError("The words for the embedded cloud were not understood", why=why, hint=hint, code="LOC003")
