from collections.abc import Callable
from typing import Any

import pytest

from watchword import (
    ConfigurationError,
    Verifier,
    WatchwordError,
    authenticate,
    require_role,
    require_scope,
    require_self,
)

pytestmark = pytest.mark.anyio


async def test_no_credential_is_anonymous_only_in_optional_mode(verifier_with: Callable[..., Verifier]) -> None:
    assert await authenticate(verifier_with(), [], "optional") is None
    with pytest.raises(WatchwordError) as refused:
        await authenticate(verifier_with(), [], "required")
    assert refused.value.code == "missing"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["Bearer a.b.c"], "malformed"),
        (["Bearer"], "malformed"),
        (["Basic dXNlcg=="], "missing"),
        (["Bearer a", "Bearer b"], "ambiguous_credentials"),
    ],
)
async def test_a_bad_credential_is_refused_in_optional_mode_too(
    verifier_with: Callable[..., Verifier], values: list[str], code: str
) -> None:
    with pytest.raises(WatchwordError) as refused:
        await authenticate(verifier_with(), values, "optional")
    assert refused.value.code == code


async def test_cs_19_only_the_same_text_names_the_same_user(
    verifier_with: Callable[..., Verifier], mint: Callable[..., Any]
) -> None:
    identity = await verifier_with().verify(mint(sub="usér"))
    require_self(identity, "usér")
    for other in ("use\u0301r", "USÉR", "usér ", "us%C3%A9r", "", None):
        with pytest.raises(WatchwordError) as refused:
            require_self(identity, other)
        assert refused.value.code == "wrong_subject"


async def test_cs_22_every_scope_is_needed_and_one_of_the_roles(
    verifier_with: Callable[..., Verifier], mint: Callable[..., Any]
) -> None:
    identity = await verifier_with().verify(mint(scope="a b", role="user, admin", roles=["auditor", 1, "user"]))
    assert identity.roles == ("user", "admin", "auditor")
    require_scope(identity, "a", "b")
    require_role(identity, "owner", "admin")
    with pytest.raises(WatchwordError) as refused:
        require_scope(identity, "a", "c")
    assert (refused.value.code, refused.value.scopes) == ("insufficient_scope", ("a", "c"))
    for roles in (["owner"], ["Admin"], ["user, admin"]):
        with pytest.raises(WatchwordError) as refused:
            require_role(identity, *roles)
        assert (refused.value.code, refused.value.scopes) == ("insufficient_scope", None)


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({}, ()),
        ({"role": ""}, ()),
        ({"role": ["admin"]}, ()),
        ({"roles": "user,admin"}, ("user,admin",)),
        ({"roles": {"admin": True}}, ()),
        ({"roles": [["admin"], "", "a"]}, ("a",)),
    ],
)
async def test_cs_22_other_json_types_grant_nothing(
    verifier_with: Callable[..., Verifier], mint: Callable[..., Any], claims: dict[str, Any], roles: tuple[str, ...]
) -> None:
    assert (await verifier_with().verify(mint(**claims))).roles == roles


@pytest.mark.parametrize("check", [require_scope, require_role])
def test_nobody_has_no_scope_and_no_role(check: Callable[..., None]) -> None:
    with pytest.raises(WatchwordError) as refused:
        check(None, "a")
    assert refused.value.code == "missing"
    for names in ([], [""], [1]):
        with pytest.raises(ConfigurationError):
            check(None, *names)


def test_nobody_is_nobodys_self() -> None:
    with pytest.raises(WatchwordError) as refused:
        require_self(None, "user_a")
    assert refused.value.code == "missing"
