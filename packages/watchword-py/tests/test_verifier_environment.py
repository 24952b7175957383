"""`Verifier()` without arguments."""

import threading

import pytest

from watchword import ConfigurationError, Verifier
from watchword.testing import mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


def feed_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "watchword-revocations"]


async def test_it_reads_the_environment_and_follows_no_feed_where_none_is_named(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("BETTER_AUTH_SECRET", SECRET)
    verifier = Verifier()
    assert (await verifier.verify(mint_token(secret=SECRET))).user_id == "user_1"
    assert (verifier.revocation, feed_threads()) == ("none", [])
    verifier.close()


def test_it_raises_for_settings_that_cannot_be_right(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BETTER_AUTH_SECRET", "short")
    with pytest.raises(ConfigurationError, match="BETTER_AUTH_SECRET"):
        Verifier()


def test_no_feed_is_followed_where_the_keys_cannot_be_right(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("REVOCATION", "feed")
    environment.setenv("WATCHWORD_FEED_SECRET", SECRET)
    with pytest.raises(ConfigurationError, match="BETTER_AUTH_SECRET is not set"):
        Verifier()
    assert feed_threads() == []


def test_it_follows_the_feed_that_the_environment_names_until_it_is_closed(
    environment: pytest.MonkeyPatch, feed_issuer: str
) -> None:
    environment.setenv("BETTER_AUTH_SECRET", SECRET)
    environment.setenv("BETTER_AUTH_URL", feed_issuer)
    environment.setenv("REVOCATION", "feed")
    verifier = Verifier()
    assert (verifier.revocation, len(feed_threads())) == ("feed", 1)
    verifier.close()
    verifier.close()
    assert feed_threads() == []
