"""The composition root; settings in, a wired World out. It imports lazily, so that help costs nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semanticworld.config.endpoint import why_no_endpoint
from semanticworld.core.endpoint import masked
from semanticworld.errors import UsageError

if TYPE_CHECKING:
    from semanticworld.aws.session import Access
    from semanticworld.ports import Consent, Journal, World

_OPTION = "--endpoint-url"
FIRST_SERVICES = ("cloudformation", "ec2", "sts", "ssm")
"""What nearly every command calls; the rest is made when it is first needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which AWS, or which embedded cloud. None means: as the environment and the AWS profile say."""

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    local: bool = False


def connect(
    settings: Settings,
    *,
    consent: Consent,
    environ: Mapping[str, str] = os.environ,
    tell: Callable[[str], None] = lambda _: None,
) -> World:
    """The world these settings name; with `local` the embedded cloud is started when it does not run.

    `tell` hears a sentence when AWS does not answer and is tried again; it may be called from any thread.

    Raises Refused (LIF9xx, LOC0xx) for profiles that do not exist and a cloud that does not start, UsageError (CFG9xx)
    for settings that cannot go together. Credentials are looked for by the first call, not here.
    """
    access = _local_access(settings, environ) if settings.local else _remote_access(settings, environ)
    from semanticworld.aws.caller import StsCaller  # noqa: PLC0415 - the first import of the SDK
    from semanticworld.aws.calls import Calls  # noqa: PLC0415
    from semanticworld.aws.inventory import AwsInventory  # noqa: PLC0415
    from semanticworld.aws.nodes import Ec2Nodes  # noqa: PLC0415
    from semanticworld.aws.stacks import CloudFormationStacks  # noqa: PLC0415
    from semanticworld.ports import World  # noqa: PLC0415
    from semanticworld.system.clock import SystemClock  # noqa: PLC0415
    from semanticworld.system.tokens import SystemTokens  # noqa: PLC0415

    clock = SystemClock()
    calls = Calls(access, clock=clock, environ=environ, tell=tell)
    caller = StsCaller(calls)
    return World(
        stacks=CloudFormationStacks(calls),
        nodes=Ec2Nodes(calls),
        inventory=AwsInventory(calls, caller),
        caller=caller,
        journal=journal(environ, local=settings.local),
        clock=clock,
        consent=consent,
        tokens=SystemTokens(),
        local=settings.local,
    )


def journal(environ: Mapping[str, str] = os.environ, *, local: bool = False) -> Journal:
    """The journal alone: history needs no cloud. What was done on the embedded cloud is kept apart from what AWS was told."""
    from semanticworld.system.journal import FileJournal  # noqa: PLC0415
    from semanticworld.system.state import state_folder  # noqa: PLC0415

    return FileJournal(state_folder(environ) / ("journal-local" if local else "journal"))


def _remote_access(settings: Settings, environ: Mapping[str, str]) -> Access:
    from semanticworld.aws.session import Access  # noqa: PLC0415

    for place, url in _endpoints(settings, environ):
        why = why_no_endpoint(url)
        if why is not None:
            raise UsageError(
                f"{masked(url)!r} is no endpoint",
                why=f"{place} holds it: {why}",
                hint=f"write {place} http://127.0.0.1:4566" if place == _OPTION else f"unset {place}, or write a URL",
                code="CFG901",
            )
    return Access(region=settings.region, profile=settings.profile, endpoint_url=settings.endpoint_url)


def _endpoints(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every endpoint that will be called, with the option or variable that names it."""
    if settings.endpoint_url is not None:
        yield _OPTION, settings.endpoint_url
    elif environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() != "true":
        yield from ((name, url) for name, url in environ.items() if name.startswith("AWS_ENDPOINT_URL") and url)


def _local_access(settings: Settings, environ: Mapping[str, str]) -> Access:
    """The embedded cloud's address, with made-up credentials: the user's own are never read and never sent to it."""
    if settings.endpoint_url is not None or settings.profile is not None:
        raise UsageError(
            "--local cannot go together with --endpoint-url or --profile",
            why="the embedded cloud has an address and credentials of its own",
            hint="leave out --local, or the other option",
            code="CFG902",
        )
    from semanticworld.aws.session import Access  # noqa: PLC0415
    from semanticworld.local import process  # noqa: PLC0415
    from semanticworld.local.environment import ACCOUNT  # noqa: PLC0415
    from semanticworld.local.folder import Folder  # noqa: PLC0415

    record = process.start(Folder.of(environ), environ)
    return Access(region=settings.region, endpoint_url=record.endpoint_url, made_up_key=ACCOUNT)
