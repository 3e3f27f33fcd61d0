"""botocore's session, made once: the user's own chain of credentials, or the embedded cloud's made-up ones."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from semanticworld import __version__
from semanticworld.aws import models
from semanticworld.aws.timestamps import parse_timestamp

DEFAULT_REGION = "eu-central-1"
ATTEMPTS = 8
"""With 30 % of calls throttled 99.6 % of 60-call deployments pass; 3 attempts (botocore's default) pass 19 %."""
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 30
FIRST_READ_TIMEOUT_S = 10
"""Until AWS has answered once: an address that takes connections and says nothing must not hold anybody for minutes."""
CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Which AWS, as whom. `made_up_key` is for the embedded cloud: with it the user's own credentials are never read."""

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    made_up_key: str | None = None


def new_session(access: Access, environ: Mapping[str, str]) -> Session:
    """A session over trimmed models. No network is touched and no credential is looked for yet."""
    session = Session(profile=access.profile)
    if access.made_up_key is not None:
        _shut_off_the_user(session, access.made_up_key)
    session.register_component("data_loader", models.loader(environ))
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_timestamp)
    return session


def _shut_off_the_user(session: Session, key: str) -> None:
    """Credentials, profiles and settings of the user neither reach the embedded cloud nor can break it."""
    settings = session.get_component("config_store")
    for name, value in (
        ("profile", None),
        ("config_file", os.devnull),
        ("credentials_file", os.devnull),
        ("use_fips_endpoint", False),
        ("use_dualstack_endpoint", False),
        ("defaults_mode", "legacy"),
        ("ignore_configured_endpoint_urls", True),
        ("ca_bundle", None),
    ):
        settings.set_config_variable(name, value)
    session.set_credentials(key, "made-up")


def client_config(access: Access, *, attempts: int = ATTEMPTS, read_timeout_s: float = READ_TIMEOUT_S) -> Config:
    """How every client behaves: standard retries, short timeouts, and who we are in the user agent."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=read_timeout_s,
        max_pool_connections=CONNECTIONS,
        user_agent_extra=f"semanticworld/{__version__}",
    )
    if (
        access.made_up_key is not None
    ):  # loopback: no proxy stands in between, and buckets have no host names of their own
        config = config.merge(Config(proxies={}, s3={"addressing_style": "path"}))
    return config


def resolve_region(session: Session, access: Access, environ: Mapping[str, str]) -> str:
    """The region: the one asked for, AWS_REGION, AWS_DEFAULT_REGION, the profile's, eu-central-1. May raise BotoCoreError."""
    named = access.region or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    return named or session.get_scoped_config().get("region") or DEFAULT_REGION


def is_known_region(session: Session, region: str) -> bool:
    """Whether this botocore knows the region; True when it cannot tell. Younger regions work all the same."""
    try:
        partitions = session.get_component("data_loader").load_data("endpoints")["partitions"]
    except (BotoCoreError, KeyError):
        return True
    return any(region in partition.get("regions", {}) for partition in partitions)


@contextmanager
def without_collection(*, keep: bool = False) -> Iterator[None]:
    """No garbage collection inside: it would walk thousands of fresh objects that all stay. `keep`: never walk them later."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if keep:
            gc.freeze()
        gc.enable()
