from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Caller = Any


def in_any_order(node: Any) -> Any:
    """The document with parameters, required members and tags in alphabetical order."""
    if isinstance(node, dict):
        return {name: in_any_order(member) for name, member in node.items()}
    if isinstance(node, list):
        return sorted((in_any_order(member) for member in node), key=repr)
    return node


async def test_the_document_that_the_routes_generate_is_the_contract(api: Any, contract: Callable[[str], Any]) -> None:
    assert in_any_order(api.routes.openapi()) == in_any_order(contract("openapi.json"))


async def test_the_document_that_is_served_is_the_contract(nobody: Caller, contract: Callable[[str], Any]) -> None:
    answer = await nobody("GET", "/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == contract("openapi.json")


async def test_the_page_runs_only_its_own_script_and_style(nobody: Caller) -> None:
    answer = await nobody("GET", "/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
