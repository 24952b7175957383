"""CS-21: what a list of revocations says of a token, and what it learns and forgets."""

from __future__ import annotations

from typing import Any, NamedTuple

from watchword import Revocation
from watchword._feed.revocation_list import FORGET_MARGIN_SECONDS, RevocationList


class Subject(NamedTuple):
    """What a revocation can name."""

    user_id: str = "u"
    session_id: str | None = "s"
    token_id: str | None = "t"
    issued_at: float = 150


SUBJECT = Subject()
NAMELESS = Subject(session_id=None, token_id=None)


def one(kind: Any, identifier: str, at: int = 100, until: int = 200) -> Revocation:
    return Revocation(kind, identifier, at, until)


def list_of(*revocations: Revocation) -> RevocationList:
    made = RevocationList()
    for revocation in revocations:
        made.add(revocation)
    return made


def test_a_session_or_a_token_with_a_users_id_is_no_user() -> None:
    known = list_of(one("session", "u", 999), one("token", "u", 999), one("session", "t"), one("token", "s"))
    assert known.holds(SUBJECT) is False


def test_the_mark_of_a_user_moves_forward_whatever_ends_first() -> None:
    known = list_of(one("user", "u", 100, 900))
    assert known.holds(SUBJECT) is False
    assert known.add(one("user", "u", 150, 200)) is True
    assert known.holds(SUBJECT) is True
    assert known.holds(Subject(issued_at=151)) is False
    assert known.add(one("user", "u", 120, 900)) is False
    assert known.holds(SUBJECT) is True


def test_of_a_token_that_names_neither_session_nor_id_it_says_what_it_knows_of_its_user() -> None:
    assert list_of(one("session", "s"), one("token", "t")).holds(NAMELESS) is False
    assert list_of(one("user", "u", 150)).holds(NAMELESS) is True


def test_it_learns_of_each_kind_once_and_once_more_that_a_user_is_gone() -> None:
    known = RevocationList()
    told = [one("session", "s"), one("token", "t"), one("user", "u")]
    gone = one("user", "u")._replace(deleted=True)
    learned = [known.add(each) for each in (*told, *told, gone, gone)]
    assert learned == [True, True, True, False, False, False, True, False]
    assert known.size == 3


def test_it_forgets_each_kind_after_its_end_and_may_learn_it_anew() -> None:
    gone = one("user", "u", 150)._replace(deleted=True)
    known = list_of(one("session", "s"), one("token", "t"), gone, one("session", "later", 100, 400))
    known.forget(200 + FORGET_MARGIN_SECONDS)
    assert known.size == 4
    # An end may stand for all of its minute.
    known.forget(241 + FORGET_MARGIN_SECONDS)
    assert known.size == 1
    assert known.holds(SUBJECT) is False
    assert known.holds(Subject(session_id="later")) is True
    assert known.add(gone) is True
    assert known.add(gone) is False
