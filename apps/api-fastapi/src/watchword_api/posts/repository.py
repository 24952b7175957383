"""The only way to the posts table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, func
from watchword import Clock
from watchword.sqlalchemy import AnyoneReader, OwnedWriter

from ..database.tables import posts
from ..timestamp import timestamp
from .schemas import Post, PostList


class PostReader:
    """Reads public posts, and those of the reader where the reader is known."""

    def __init__(self, reader: AnyoneReader) -> None:
        """`reader` is a transaction of the `sub` of a verified token, or of nobody."""
        self._reader = reader

    async def list(self, limit: int, offset: int) -> PostList:
        """One page, newest first, and how many there are in all."""
        total = await self._reader.scalar(self._reader.select_visible(posts, func.count()))
        page = (
            self._reader.select_visible(posts)
            .order_by(posts.c.created_at.desc(), posts.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        rows = await self._reader.execute(page)
        return PostList(items=[_post(row) for row in rows], total=total, limit=limit, offset=offset)

    async def find(self, post_id: int) -> Post | None:
        """The post, if it is there and the reader may see it."""
        found = await self._reader.execute(self._reader.select_visible(posts).where(posts.c.id == post_id))
        row = found.one_or_none()
        return None if row is None else _post(row)


class OwnPosts:
    """Changes the posts of one owner."""

    def __init__(self, mine: OwnedWriter, clock: Clock) -> None:
        """`mine` is a transaction of the `sub` of the verified token."""
        self._mine = mine
        self._clock = clock

    async def create(self, values: Mapping[str, Any]) -> Post:
        """A new post."""
        now = timestamp(self._clock)
        stored = {**_stored(values), "created_at": now, "updated_at": now}
        return _post((await self._mine.execute(self._mine.insert(posts, stored).returning(posts))).one())

    async def change(self, post_id: int, values: Mapping[str, Any]) -> Post | None:
        """Sets the members given and moves `updated_at`; without any nothing changes. `None` where there is no such
        post of the owner.
        """
        if not values:
            found = await self._mine.execute(self._mine.select(posts).where(posts.c.id == post_id))
        else:
            found = await self._mine.execute(
                self._mine.update(posts)
                .where(posts.c.id == post_id)
                .values({**_stored(values), "updated_at": timestamp(self._clock)})
                .returning(posts)
            )
        row = found.one_or_none()
        return None if row is None else _post(row)

    async def remove(self, post_id: int) -> bool:
        """Removes the post. Whether there was such a post of the owner."""
        removed = await self._mine.execute(self._mine.delete(posts).where(posts.c.id == post_id).returning(posts.c.id))
        return removed.one_or_none() is not None


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """`is_private` is 0 or 1 in the table."""
    return {name: int(value) if name == "is_private" else value for name, value in values.items()}


def _post(row: Row[Any]) -> Post:
    return Post.model_validate({**row._mapping, "is_private": row.is_private == 1})
