"""The composition root; settings in, a wired World out. It imports lazily, so that help costs nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semanticworld.errors import UsageError

if TYPE_CHECKING:
    from semanticworld.aws.session import Access
    from semanticworld.ports import Consent, Journal, World

FIRST_SERVICES = ("cloudformation", "ec2", "sts", "ssm")
"""What nearly every command calls; the rest is made when it is first needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which AWS, or which embedded cloud. None means: as the environment and the AWS profile say."""

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    local: bool = False


def connect(settings: Settings, *, consent: Consent, environ: Mapping[str, str] = os.environ) -> World:
    """The world these settings name; with `local` the embedded cloud is started when it does not run.

    Raises Refused (LIF9xx, LOC0xx) for profiles that do not exist and a cloud that does not start, UsageError (CFG9xx)
    for settings that cannot go together. Credentials are looked for by the first call, not here.
    """
    access = _local_access(settings, environ) if settings.local else _remote_access(settings)
    from semanticworld.aws.caller import StsCaller  # noqa: PLC0415 - the first import of the SDK
    from semanticworld.aws.calls import Calls  # noqa: PLC0415
    from semanticworld.aws.inventory import AwsInventory  # noqa: PLC0415
    from semanticworld.aws.nodes import Ec2Nodes  # noqa: PLC0415
    from semanticworld.aws.stacks import CloudFormationStacks  # noqa: PLC0415
    from semanticworld.ports import World  # noqa: PLC0415
    from semanticworld.system.clock import SystemClock  # noqa: PLC0415
    from semanticworld.system.tokens import SystemTokens  # noqa: PLC0415

    clock = SystemClock()
    calls = Calls(access, clock=clock, environ=environ)
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


def _remote_access(settings: Settings) -> Access:
    from semanticworld.aws.session import Access  # noqa: PLC0415

    url = settings.endpoint_url
    if url is not None and not url.startswith(("https://", "http://")):
        raise UsageError(
            f"{url!r} is no endpoint",
            why="an endpoint is a URL with http:// or https://",
            hint="write --endpoint-url http://127.0.0.1:4566",
            code="CFG901",
        )
    return Access(region=settings.region, profile=settings.profile, endpoint_url=url)


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
