"""Calls to AWS: clients made when needed, retried past botocore's own patience, and failing in our words only."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from semanticworld.aws.errors import Asked, translated
from semanticworld.aws.faults import CONNECTION, error_code, is_passing
from semanticworld.aws.operations import PAGING
from semanticworld.aws.session import (
    ATTEMPTS,
    CONNECTIONS,
    DEFAULT_REGION,
    FIRST_READ_TIMEOUT_S,
    READ_TIMEOUT_S,
    Access,
    client_config,
    is_known_region,
    new_session,
    resolve_region,
    without_collection,
)
from semanticworld.core.endpoint import masked
from semanticworld.errors import AwsError, Refused
from semanticworld.ports import Clock

Answer = Mapping[str, Any]
Result = TypeVar("Result")

PATIENCE_S = 90.0
"""How long an operation is tried again after botocore has given up (8 attempts each time)."""
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 15.0
BLIND_ATTEMPTS = 3
BLIND_READS = 2
"""How often a connection (an answer) is waited for before AWS has ever answered: at most about 20 seconds in all."""
SILENCE_S = 3.0
"""How long a call may be tried again without a word to the user, and how long between two words."""
MISSHAPEN = (AttributeError, IndexError, KeyError, LookupError, RecursionError, TypeError, ValueError)
"""What botocore's parsers raise on well-formed answers of another shape."""


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
        tell: Callable[[str], None] = lambda _: None,
        first_read_timeout_s: float = FIRST_READ_TIMEOUT_S,
    ) -> None:
        self._access = access
        self._clock = clock
        self._patience_s = patience_s
        self._attempts = attempts
        self._clients: dict[str, BaseClient] = {}
        self._lock = threading.RLock()
        self._tell = tell
        self._told_at: float | None = None
        self._first_read_timeout_s = first_read_timeout_s
        self._running = threading.local()  # of this thread's call: when it began, the last answer's status
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
        begun = self._running.begun = self._clock.monotonic()
        deadline = begun + self._patience_s
        pause = FIRST_PAUSE_S
        while True:
            try:
                client = self._client(service)
                self._running.status = None
                answer = _asked(client, operation, parameters)
            except (ClientError, BotoCoreError, ResponseParserError) as wrong:
                error = wrong
                self._has_answered = self._has_answered or isinstance(error, ClientError)
                worth_it = self._has_answered and is_passing(error)
                if not worth_it or self._clock.monotonic() + pause > deadline:
                    raise self._ours(error, service, operation) from error
            else:
                self._has_answered = True
                return answer
            self._forget(service)  # a fresh client has a fresh retry quota
            self._say(error)
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
                client.meta.events.register(f"before-parse.{name}", self._notes_status)
                self._clients[service] = client
            return self._clients[service]

    def _made(self, service: str) -> BaseClient:
        try:
            return self._session.create_client(
                service,
                region_name=self._region,
                endpoint_url=self._access.endpoint_url,
                config=client_config(
                    self._access,
                    attempts=self._attempts,
                    read_timeout_s=READ_TIMEOUT_S if self._has_answered else self._first_read_timeout_s,
                ),
            )
        except ValueError as error:
            if isinstance(error, BotoCoreError):
                raise
            raise Refused(
                f"{masked(self._endpoint_url or 'what the AWS profile names')!r} is no endpoint",
                why=masked(str(error)),
                hint="write a URL such as https://example.com in AWS_ENDPOINT_URL, or unset it",
                code="LIF917",
            ) from error

    def _gives_up_early(
        self,
        *,
        attempts: int,
        response: tuple[object, Mapping[str, Any]] | None = None,
        caught_exception: Exception | None = None,
        **_: object,
    ) -> bool | None:
        """False (no further try) while AWS has never answered; None leaves it to botocore."""
        if isinstance(caught_exception, CONNECTION):
            allowed = BLIND_READS if isinstance(caught_exception, ReadTimeoutError) else BLIND_ATTEMPTS
            if not self._has_answered and attempts >= allowed:
                return False
            self._say(caught_exception)
        elif response is not None and response[1].get("Error"):
            refused = ClientError(response[1], "")  # type: ignore[arg-type]  # botocore's own untyped mapping
            if is_passing(refused):
                self._say(refused)
        return None

    def _notes_status(self, *, response_dict: Mapping[str, Any], **_: object) -> None:
        self._running.status = response_dict.get("status_code")

    def _say(self, error: Exception) -> None:
        """A sentence that AWS is tried again, once it has taken long enough to be wondered at."""
        now = self._clock.monotonic()
        with self._lock:
            since = max(getattr(self._running, "begun", now), self._told_at or float("-inf"))
            if now - since < SILENCE_S:
                return
            self._told_at = now
        code = error_code(error) if isinstance(error, ClientError) else type(error).__name__
        self._tell(f"AWS does not answer ({code}): trying again")

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
            status=getattr(self._running, "status", None),
            region_known=not isinstance(error, CONNECTION) or is_known_region(self._session, self._region),
        )
        return translated(error, asked, now=self._clock.now()) or error


DEFAULT = "the default region"


def _asked(client: BaseClient, operation: str, parameters: Mapping[str, object]) -> Answer:
    """The answer; one that botocore stumbles over because it is none of AWS's is a parser's error like any other."""
    try:
        answer: Answer = getattr(client, xform_name(operation))(**parameters)
    except (BotoCoreError, ClientError, ResponseParserError):
        raise
    except MISSHAPEN as error:
        raise ResponseParserError(f"it has another shape ({type(error).__name__} {error})".strip()) from error
    return answer


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
