"""What really stands at AWS, behind the Inventory port: looked up by id, by tag and by name, all at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from semanticworld.aws import buckets, deletions, found_ec2, named, tagged
from semanticworld.aws.calls import Calls, in_parallel
from semanticworld.aws.found_named import LOOK_UPS
from semanticworld.aws.found_parts import PARTS
from semanticworld.errors import AwsError
from semanticworld.model.environment import Environment
from semanticworld.model.leftover import Existence, Found
from semanticworld.model.stack import StackResource
from semanticworld.ports import Caller

_SERVICES = (
    "budgets",
    "cloudwatch",
    "dlm",
    "ec2",
    "iam",
    "logs",
    "resourcegroupstaggingapi",
    "s3",
    "scheduler",
    "sns",
    "ssm",
)
_Key = tuple[str, str]


class AwsInventory:
    """The things of one account in one region."""

    def __init__(self, calls: Calls, caller: Caller) -> None:
        self._calls = calls
        self._caller = caller

    def look_up(self, resources: Sequence[StackResource]) -> tuple[Found, ...]:
        """One answer per resource with a physical id, in order."""
        keys = [(each.type, each.physical_id) for each in resources if each.physical_id is not None]
        found = self._looked_up(keys)
        return tuple(_of_its_whole(key, found) for key in keys)

    def by_tag(self, environment: Environment) -> tuple[Found, ...]:
        """Everything that carries the environment's tags; what only the tagging API shows is looked up once more."""
        self._calls.ready(("ec2", "resourcegroupstaggingapi", "dlm"))
        types = sorted(found_ec2.TYPES)
        listings: list[Callable[[], Iterable[Found]]] = [
            *(partial(found_ec2.tagged, self._calls, type_, environment) for type_ in types),
            partial(tagged.snapshot_policies, self._calls, environment),
            partial(tagged.tagging_api, self._calls, environment),
        ]
        names = [*types, "AWS::DLM::LifecyclePolicy", "everything tagged"]
        *own, told = in_parallel(
            [partial(_listed, name, listing) for name, listing in zip(names, listings, strict=True)]
        )
        found = {(each.type, each.id): each for listing in own for each in listing}
        groups = {
            each.id: each.stack_id
            for each in found.values()
            if each.type == "AWS::EC2::SecurityGroup" and each.existence is Existence.PRESENT
        }
        if groups:
            unseen = _listed("AWS::EC2::NetworkInterface", partial(found_ec2.interfaces_in, self._calls, groups))
            found = {(each.type, each.id): each for each in unseen} | found
        return (*found.values(), *self._still_there([each for each in told if (each.type, each.id) not in found]))

    def by_name(self, environment: Environment) -> tuple[Found, ...]:
        """Untaggable and name-keyed things whose names start with the environment's prefix."""
        self._calls.ready(_SERVICES)
        listings = in_parallel(
            [
                partial(_listed, type_, partial(listing, self._calls, self._account, environment))
                for type_, listing in named.LISTINGS.items()
            ]
        )
        return tuple(each for listing in listings for each in listing)

    def bucket(self, name: str) -> tuple[int, Sequence[str]]:
        """How many object versions the bucket holds in all, and the keys that are not our own artifacts."""
        return buckets.contents(self._calls, name)

    def empty_bucket(self, name: str) -> None:
        """Deletes every object version, delete marker and incomplete upload in the bucket."""
        buckets.empty(self._calls, name)

    def delete_bucket(self, name: str) -> None:
        """Deletes an empty bucket."""
        buckets.delete(self._calls, name)

    def delete_found(self, found: Found) -> None:
        """Deletes one leftover by its own service's call."""
        deletions.delete_found(self._calls, self._account, found)

    def _account(self) -> str:
        return self._caller.identity().account

    def _still_there(self, told: Sequence[Found]) -> list[Found]:
        """What the tagging API alone shows, without what its own service says is gone."""
        again = self._looked_up([(each.type, each.id) for each in told if each.existence is Existence.PRESENT])
        checked = []
        for each in told:
            seen = again.get((each.type, each.id), each)
            if seen.existence is Existence.PRESENT:
                checked.append(replace(seen, stack_id=each.stack_id))
            elif seen.existence is Existence.UNKNOWN:
                checked.append(each)  # then the tagging API's word stands
        return checked

    def _looked_up(self, keys: Sequence[_Key]) -> dict[_Key, Found]:
        """An answer for every key: EC2's types in one call each, everything else in one call a thing."""
        by_type: dict[str, list[str]] = {}
        for type_, id_ in keys:
            by_type.setdefault(type_, []).append(id_)
        tasks: list[Callable[[], list[Found]]] = []
        for type_, ids in by_type.items():
            if type_ in found_ec2.TYPES:
                tasks.append(partial(_guarded, type_, ids, partial(self._ec2, type_, ids)))
            else:
                tasks.extend(partial(_guarded, type_, [id_], partial(self._other, type_, id_)) for id_ in ids)
        self._calls.ready(sorted({_service(type_) for type_ in by_type} & set(_SERVICES)))
        return {(each.type, each.id): each for answers in in_parallel(tasks) for each in answers}

    def _ec2(self, type_: str, ids: Sequence[str]) -> list[Found]:
        present = found_ec2.present(self._calls, type_, ids)
        return [present.get(id_) or Found(type=type_, id=id_, existence=Existence.GONE) for id_ in ids]

    def _other(self, type_: str, id_: str) -> list[Found]:
        if type_ in PARTS:
            there = PARTS[type_].look_up(self._calls, id_)
        elif type_ in LOOK_UPS:
            there = LOOK_UPS[type_](self._calls, self._account, id_)
        else:
            return [_unknown(type_, id_, "this tool does not know how to look for this type")]
        if there is None:
            return [_unknown(type_, id_, _UNNAMED)]
        return [Found(type=type_, id=id_, existence=Existence.PRESENT if there else Existence.GONE)]


_UNNAMED = "it can only be seen in what it is a part of"


def _of_its_whole(key: _Key, found: dict[_Key, Found]) -> Found:
    """The answer; a part that cannot be looked up itself is gone when everything it can be a part of is gone."""
    own = found[key]
    if own.existence is not Existence.UNKNOWN or own.detail != _UNNAMED:
        return own
    wholes = [each.existence for (type_, _), each in found.items() if type_ == PARTS[key[0]].whole]
    if wholes and all(existence is Existence.GONE for existence in wholes):
        return Found(type=key[0], id=key[1], existence=Existence.GONE)
    return own


def _guarded(type_: str, ids: Sequence[str], look_up: Callable[[], list[Found]]) -> list[Found]:
    """The answers, or for each id an honest "could not look" with AWS's reason."""
    try:
        return look_up()
    except AwsError as error:
        return [_unknown(type_, id_, f"{error.what}: {error.why}") for id_ in ids]


def _listed(type_: str, listing: Callable[[], Iterable[Found]]) -> list[Found]:
    """The listing, or one entry that says that it could not be made."""
    try:
        return list(listing())
    except AwsError as error:
        return [_unknown(type_, "*", f"{error.what}: {error.why}")]


def _unknown(type_: str, id_: str, detail: str) -> Found:
    return Found(type=type_, id=id_, existence=Existence.UNKNOWN, detail=detail)


def _service(type_: str) -> str:
    return type_.split("::")[1].lower() if "::" in type_ else ""
