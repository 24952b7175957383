from collections.abc import Callable
from typing import Any

import pytest

from countersign import CountersignError, Verifier, authenticate, require_self

pytestmark = pytest.mark.anyio


async def test_no_credential_is_anonymous_only_in_optional_mode(verifier_with: Callable[..., Verifier]) -> None:
    assert await authenticate(verifier_with(), [], "optional") is None
    with pytest.raises(CountersignError) as refused:
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
    with pytest.raises(CountersignError) as refused:
        await authenticate(verifier_with(), values, "optional")
    assert refused.value.code == code


async def test_cs_19_only_the_same_text_names_the_same_user(
    verifier_with: Callable[..., Verifier], mint: Callable[..., Any]
) -> None:
    identity = await verifier_with().verify(mint(sub="usér"))
    require_self(identity, "usér")
    for other in ("use\u0301r", "USÉR", "usér ", "us%C3%A9r", "", None):
        with pytest.raises(CountersignError) as refused:
            require_self(identity, other)
        assert refused.value.code == "wrong_subject"
