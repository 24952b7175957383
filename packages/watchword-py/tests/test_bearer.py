import pytest

from watchword import WatchwordError
from watchword._guard.bearer import read_bearer


@pytest.mark.parametrize("value", ["Bearer a.b.c", "bearer a.b.c", "bEaReR   a.b.c"])
def test_the_scheme_is_found_in_any_case_before_one_or_more_spaces(value: str) -> None:
    assert read_bearer([value]) == "a.b.c"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([], "missing"),
        (["Basic dXNlcg=="], "missing"),
        (["DPoP a.b.c"], "missing"),
        ([""], "malformed"),
        (["Bearer"], "malformed"),
        (["Bearer "], "malformed"),
        (["a.b.c"], "malformed"),
        (["Bearer <a.b.c>"], "malformed"),
        (["Bearer a.b.c d"], "malformed"),
        (["Bearer a.b.c\0"], "malformed"),
        (["Bearer\ta.b.c"], "malformed"),
        (["Bearer a.b.c\n"], "malformed"),
        (["Bearer a.b.é"], "malformed"),
        (["Bearer a.b.c, Bearer a.b.c"], "ambiguous_credentials"),
        (["Bearer a.b.c", "Bearer a.b.c"], "ambiguous_credentials"),
        (["Basic dXNlcg==", "Bearer a.b.c"], "ambiguous_credentials"),
    ],
)
def test_what_is_not_exactly_one_credential_is_refused(values: list[str], code: str) -> None:
    with pytest.raises(WatchwordError) as refused:
        read_bearer(values)
    assert refused.value.code == code


def test_no_header_has_the_plain_detail() -> None:
    with pytest.raises(WatchwordError, match="Authorization header missing") as refused:
        read_bearer([])
    assert refused.value.variant is None


@pytest.mark.parametrize("value", ["Basic dXNlcg==", "basic x", "Token a.b.c", "DPoP a.b.c", "Beareer a.b.c"])
def test_another_scheme_is_told_which_one_is_expected(value: str) -> None:
    with pytest.raises(WatchwordError) as refused:
        read_bearer([value])
    assert (refused.value.code, refused.value.variant) == ("missing", "scheme")
    assert str(refused.value) == "This authorization scheme is not supported. Expected: Bearer <token>"


def test_bad_syntax_is_told_apart_from_a_bad_token() -> None:
    with pytest.raises(WatchwordError, match="Expected: Bearer <token>"):
        read_bearer(["Bearer"])


def test_a_token_beyond_ascii_is_no_token() -> None:
    for token in ("é", "=", "a=b", "a b"):
        with pytest.raises(WatchwordError) as refused:
            read_bearer([f"Bearer {token}"])
        assert (refused.value.code, refused.value.variant) == ("malformed", "credential")
