"""The proof that nothing is left, where two things share an id."""

from __future__ import annotations

from collections.abc import Sequence

from fakes.stacks import FakeStacks
from fakes.world import DEV, FakeInventory, Stage, run
from semanticworld.app.operation import Operation
from semanticworld.app.proof import proven
from semanticworld.core.leftovers import Context
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.leftover import Existence, Found
from semanticworld.model.stack import StackResource

NAME = "semanticworld-dev-data"
STANDING = {"AWS::S3::Bucket"}


class OnlyTheBucketStands(FakeInventory):
    """A bucket that stayed; its policy, which goes by the bucket's name, went."""

    def __init__(self) -> None:
        super().__init__(FakeStacks(Stage().clock))

    def look_up(self, resources: Sequence[StackResource]) -> tuple[Found, ...]:
        return tuple(
            Found(
                type=each.type,
                id=each.physical_id or "",
                existence=Existence.PRESENT if each.type in STANDING else Existence.GONE,
            )
            for each in resources
        )

    def by_name(self, environment: Environment) -> tuple[Found, ...]:
        del environment
        return ()


def test_a_policy_that_went_does_not_make_its_bucket_gone() -> None:
    stage = Stage()
    stage.inventory = OnlyTheBucketStands()
    operation = Operation.begin(stage.world, command="delete", environment=DEV, target=Layer.COMPUTE, timeout_s=None)
    resources = [
        StackResource(logical_id=logical_id, physical_id=NAME, type=type_, status="")
        for logical_id, type_ in (("Bucket", "AWS::S3::Bucket"), ("BucketPolicy", "AWS::S3::BucketPolicy"))
    ]
    context = Context(region="eu-central-1", kept={NAME: "it holds objects"})
    proof, _ = run(proven(operation, resources, context))
    assert [each.logical_id for each in proof.deleted] == ["BucketPolicy"]
    assert [(each.type, each.why) for each in proof.verdicts.retained] == [("AWS::S3::Bucket", "it holds objects")]
