"""Calls to AWS: clients made when needed, retried past botocore's own patience, and failing in our words only."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from semanticworld.aws.errors import Asked, translated
from semanticworld.aws.faults import CONNECTION, is_passing
from semanticworld.aws.operations import PAGING
from semanticworld.aws.session import (
    ATTEMPTS,
    CONNECTIONS,
    DEFAULT_REGION,
    Access,
    client_config,
    is_known_region,
    new_session,
    resolve_region,
    without_collection,
)
from semanticworld.errors import AwsError, Refused
from semanticworld.ports import Clock

Answer = Mapping[str, Any]
Result = TypeVar("Result")

PATIENCE_S = 90.0
"""How long an operation is tried again after botocore has given up (8 attempts each time)."""
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 15.0
BLIND_ATTEMPTS = 3
"""How often a connection is tried before AWS has ever answered: a wrong region or no network must not take a minute."""


class Calls:
    """Everything the adapters need of botocore. Safe to use from several threads."""

    def __init__(
        self,
        access: Access,
        *,
        clock: Clock,
        environ: Mapping[str, str] = os.environ,
        patience_s: float = PATIENCE_S,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._access = access
        self._clock = clock
        self._patience_s = patience_s
        self._attempts = attempts
        self._clients: dict[str, BaseClient] = {}
        self._lock = threading.RLock()
        self._has_answered = access.made_up_key is not None
        self._profile = access.profile or environ.get("AWS_PROFILE")
        self._endpoint_url = access.endpoint_url or environ.get("AWS_ENDPOINT_URL")
        self._region = access.region or DEFAULT_REGION
        try:
            with without_collection(keep=True):
                self._session = new_session(access, environ)
                self._region = resolve_region(self._session, access, environ)
        except BotoCoreError as error:
            raise self._ours(error, "sts", "GetCallerIdentity") from error

    @property
    def region(self) -> str:
        """The region every call goes to."""
        return self._region

    def call(self, service: str, operation: str, /, **parameters: object) -> Answer:
        """AWS's answer. Throttling, passing faults and broken connections are tried again until patience runs out."""
        deadline = self._clock.monotonic() + self._patience_s
        pause = FIRST_PAUSE_S
        while True:
            try:
                client = self._client(service)
                answer: Answer = getattr(client, xform_name(operation))(**parameters)
            except (ClientError, BotoCoreError, ResponseParserError) as error:
                self._has_answered = self._has_answered or isinstance(error, ClientError)
                worth_it = self._has_answered and is_passing(error)
                if not worth_it or self._clock.monotonic() + pause > deadline:
                    raise self._ours(error, service, operation) from error
            else:
                self._has_answered = True
                return answer
            self._forget(service)  # a fresh client has a fresh retry quota
            self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def pages(self, service: str, operation: str, /, **parameters: object) -> Iterator[Answer]:
        """The answers page by page, to the end. An endless repetition of one token ends it as well."""
        paging = PAGING[service, operation]
        asked: dict[str, object] = dict(parameters)
        seen: set[tuple[object, ...]] = set()
        while True:
            answer = self.call(service, operation, **asked)
            yield answer
            if paging.more is not None and not answer.get(paging.more):
                return
            tokens = {name: answer[told] for name, told in paging.tokens.items() if answer.get(told)}
            position = tuple(tokens.values())
            if not tokens or position in seen:
                return
            seen.add(position)
            asked = {**parameters, **tokens}

    def items(self, service: str, operation: str, member: str, /, **parameters: object) -> Iterator[Any]:
        """The entries of one list of the answer, over all pages."""
        for page in self.pages(service, operation, **parameters):
            yield from page.get(member, ())

    def ready(self, services: Sequence[str]) -> None:
        """Makes the clients now, one after another: threads that make them at the same time are slower."""
        for service in services:
            self._client(service)

    def _client(self, service: str) -> BaseClient:
        with self._lock:
            if service not in self._clients:
                with without_collection(keep=True):
                    client = self._made(service)
                name = client.meta.service_model.service_id.hyphenize()
                no_further: Any = self._gives_up_early  # the stubs say None is all that a handler may return
                client.meta.events.register_first(f"needs-retry.{name}", no_further)
                self._clients[service] = client
            return self._clients[service]

    def _made(self, service: str) -> BaseClient:
        try:
            return self._session.create_client(
                service,
                region_name=self._region,
                endpoint_url=self._access.endpoint_url,
                config=client_config(self._access, attempts=self._attempts),
            )
        except ValueError as error:
            if isinstance(error, BotoCoreError):
                raise
            raise Refused(
                f"{self._endpoint_url!r} is no endpoint",
                why=str(error),
                hint="write a URL such as https://example.com in AWS_ENDPOINT_URL, or unset it",
                code="LIF917",
            ) from error

    def _gives_up_early(self, *, attempts: int, caught_exception: Exception | None = None, **_: object) -> bool | None:
        """False (no further try) while AWS has never answered; None leaves it to botocore."""
        if isinstance(caught_exception, CONNECTION) and not self._has_answered and attempts >= BLIND_ATTEMPTS:
            return False
        return None

    def _forget(self, service: str) -> None:
        with self._lock:
            self._clients.pop(service, None)

    def _ours(self, error: Exception, service: str, operation: str) -> Exception:
        asked = Asked(
            service=service,
            operation=operation,
            region=self._region,
            profile=self._profile,
            endpoint_url=self._endpoint_url,
            embedded=self._access.made_up_key is not None,
            region_known=not isinstance(error, CONNECTION) or is_known_region(self._session, self._region),
        )
        return translated(error, asked, now=self._clock.now()) or error


DEFAULT = "the default region"


def answered(error: AwsError | Refused, codes: frozenset[str]) -> bool:
    """Whether AWS's answer was one of these codes."""
    return error.aws is not None and error.aws.code in codes


def in_parallel(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """The results in order; the first failure is raised once all have ended. Calls wait for AWS, so threads pay."""
    if len(tasks) <= 1:
        return [task() for task in tasks]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only listings need it, start-up does not

    with ThreadPoolExecutor(max_workers=min(CONNECTIONS, len(tasks))) as pool:
        return list(pool.map(lambda task: task(), tasks))
