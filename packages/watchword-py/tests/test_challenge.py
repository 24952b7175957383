import pytest

from watchword import RefusalCode, WatchwordError
from watchword._guard.challenge import challenge


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("missing", "Bearer"),
        ("expired", 'Bearer error="invalid_token", error_description="Token has expired."'),
        (
            "ambiguous_credentials",
            'Bearer error="invalid_request", error_description="More than one credential was sent. '
            'Send exactly one Authorization header."',
        ),
        ("wrong_subject", None),
        ("not_found", None),
        ("rate_limited", None),
    ],
)
def test_a_challenge_stands_where_rfc_6750_puts_one(code: RefusalCode, expected: str | None) -> None:
    assert challenge(WatchwordError(code)) == expected


def test_the_needed_scopes_stand_in_the_challenge_cleaned_and_quoted() -> None:
    refusal = WatchwordError("insufficient_scope", scopes=["tasks:read", 'a"\\b', " ", "é\r\n"])
    assert challenge(refusal) == (
        'Bearer error="insufficient_scope", error_description="Access denied. The token does not grant what this '
        'operation needs.", scope="tasks:read ab"'
    )
