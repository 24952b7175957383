"""CS-11 and CS-19 at their edges."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from watchword import Identity, WatchwordError, require_self


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"session": {}, "user": {}}, "wrong_type"),
        ({"session": {}}, "accepted"),
        ({"user": {}}, "accepted"),
        ({"session": {}, "user": "a"}, "accepted"),
        ({"session": "a", "user": {}}, "accepted"),
    ],
)
async def test_session_and_user_are_another_jwt_only_where_both_are_objects(
    mint: Callable[..., str], code_of: Callable[..., Awaitable[str]], claims: dict[str, Any], code: str
) -> None:
    assert await code_of(mint(**claims)) == code


def test_what_is_no_user_id_is_nobody_even_where_it_is_equal() -> None:
    identity = Identity(user_id="a/b", issued_at=0, expires_at=1, claims={})
    with pytest.raises(WatchwordError) as refused:
        require_self(identity, "a/b")
    assert refused.value.code == "wrong_subject"
