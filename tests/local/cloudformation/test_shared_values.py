from __future__ import annotations

from cfn_stacks import Client, Refused, Stack, parameter, template


def _exporting(value: str = "v", name: str = "shared") -> str:
    return template({"One": parameter(value)}, Outputs={"O": {"Value": value, "Export": {"Name": name}}})


def _importing(name: str = "shared") -> str:
    return template({"Two": parameter({"Fn::ImportValue": name})})


def test_a_value_exported_by_one_stack_is_imported_by_another(client: Client) -> None:
    assert Stack(client=client, name="from").create(_exporting("x")) == "CREATE_COMPLETE"
    assert Stack(client=client, name="to").create(_importing()) == "CREATE_COMPLETE"
    exports = client.list_exports()["Exports"]
    assert [(found["Name"], found["Value"]) for found in exports] == [("shared", "x")]
    assert client.list_imports(ExportName="shared")["Imports"] == ["to"]


def test_a_missing_export_rolls_a_create_back_before_anything_is_made(stack: Stack) -> None:
    assert stack.create(_importing("nobody-has-it")) == "ROLLBACK_COMPLETE"
    assert stack.told() == [
        "stack CREATE_IN_PROGRESS User Initiated",
        "stack ROLLBACK_IN_PROGRESS No export named nobody-has-it found. Rollback requested by user.",
        "stack ROLLBACK_COMPLETE",
    ]


def test_a_missing_export_fails_a_change_set_and_refuses_an_update(stack: Stack, refused: Refused) -> None:
    described = stack.change_set(_importing("nobody-has-it"), ChangeSetType="CREATE")
    assert (described["Status"], described["StatusReason"]) == ("FAILED", "No export named nobody-has-it found.")
    other = Stack(client=stack.client, name="other")
    other.create(template())
    assert refused(stack.client.update_stack, StackName="other", TemplateBody=_importing("nobody-has-it")) == (
        "ValidationError",
        "No export named nobody-has-it found",
    )


def test_an_export_name_belongs_to_one_stack(client: Client) -> None:
    Stack(client=client, name="first").create(_exporting())
    second = Stack(client=client, name="second")
    assert second.create(_exporting()) == "ROLLBACK_COMPLETE"
    assert (
        "second ROLLBACK_IN_PROGRESS Export with name shared is already exported by stack first. "
        "Rollback requested by user." in second.told()
    )


def test_an_export_in_use_holds_its_stack_and_its_value(client: Client) -> None:
    first, second = Stack(client=client, name="first"), Stack(client=client, name="second")
    first.create(_exporting())
    second.create(_importing())
    Stack(client=client, name="third").create(_importing())
    in_use = "cannot be deleted as it is in use by second and third"
    assert first.delete() == "CREATE_COMPLETE"
    assert first.describe()["StackStatusReason"] == f"Export shared {in_use}"
    assert first.update(template()) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"first UPDATE_ROLLBACK_IN_PROGRESS Export shared {in_use}" in first.told()
    assert first.update(_exporting("other")) == "UPDATE_ROLLBACK_COMPLETE"
    updated = "Export shared cannot be updated as it is in use by second and third"
    assert f"first UPDATE_ROLLBACK_IN_PROGRESS {updated}" in first.told()
    assert client.list_exports()["Exports"][0]["Value"] == "v"
    for name in ("second", "third"):
        user = Stack(client=client, name=name)
        user.stack_id = user.describe()["StackId"]
        assert user.delete() == "DELETE_COMPLETE"
    assert first.delete() == "DELETE_COMPLETE"


def test_exports_go_with_the_output_or_the_stack_that_had_them(stack: Stack) -> None:
    stack.create(_exporting())
    assert stack.update(template({"One": parameter("new")})) == "UPDATE_COMPLETE"
    assert stack.client.list_exports()["Exports"] == []
    assert stack.update(_exporting()) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.client.list_exports()["Exports"] == []


def test_nobody_imports_is_an_error(client: Client, refused: Refused) -> None:
    assert refused(client.list_imports, ExportName="x") == (
        "ValidationError",
        "Export 'x' is not imported by any stack.",
    )


def test_exports_come_in_pages(stack: Stack) -> None:
    outputs = {f"O{number}": {"Value": "v", "Export": {"Name": f"e{number}"}} for number in range(101)}
    assert stack.create(template(Outputs=outputs)) == "CREATE_COMPLETE"
    pages = list(stack.client.get_paginator("list_exports").paginate())
    assert [len(page["Exports"]) for page in pages] == [100, 1]
