"""The only way to the tables of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func
from watchword import Clock
from watchword.sqlalchemy import OwnedReader, OwnedWriter

from ..database.tables import conversations, messages
from ..timestamp import timestamp
from .memory import Memory, stored_memory
from .schemas import Conversation, ConversationDetail, ConversationList, Message

_SHOWN = (conversations.c.id, conversations.c.title, conversations.c.created_at, conversations.c.updated_at)
_SAID = (messages.c.id, messages.c.role, messages.c.content, messages.c.created_at)


class ConversationReader:
    """Reads the conversations of one owner."""

    def __init__(self, mine: OwnedReader) -> None:
        """`mine` is a transaction of the `sub` of the verified token."""
        self._mine = mine

    async def list(self, limit: int, offset: int) -> ConversationList:
        """One page, the newest first, and how many there are in all."""
        total = await self._mine.scalar(self._mine.select(conversations, func.count()))
        order = (conversations.c.updated_at.desc(), conversations.c.id.desc())
        page = self._mine.select(conversations, *_SHOWN).order_by(*order).limit(limit).offset(offset)
        rows = await self._mine.execute(page)
        items = [_conversation(row) for row in rows]
        return ConversationList(items=items, total=total, limit=limit, offset=offset)

    async def pending(self, conversation_id: int) -> Row[Any] | None:
        """What the assistant keeps in mind (`pending`), if the conversation is there and is the owner's."""
        sought = self._mine.select(conversations, conversations.c.id, conversations.c.pending)
        found = await self._mine.execute(sought.where(conversations.c.id == conversation_id))
        return found.one_or_none()

    async def detail(self, conversation_id: int) -> ConversationDetail | None:
        """The conversation with all messages, the oldest first."""
        found = await self._mine.execute(
            self._mine.select(conversations, *_SHOWN).where(conversations.c.id == conversation_id)
        )
        row = found.one_or_none()
        if row is None:
            return None
        said = await self._mine.execute(
            self._mine.select(messages, *_SAID)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(messages.c.id)
        )
        listed = [Message.model_validate(dict(message._mapping)) for message in said]
        return ConversationDetail.model_validate({**row._mapping, "messages": listed})

    async def history(self, conversation_id: int, count: int) -> Sequence[dict[str, str]]:
        """The last messages, the oldest of them first."""
        said = await self._mine.execute(
            self._mine.select(messages, messages.c.role, messages.c.content)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(messages.c.id.desc())
            .limit(count)
        )
        return [{"role": row.role, "content": row.content} for row in reversed(said.all())]


class OwnerConversations(ConversationReader):
    """Reads and changes the conversations of one owner."""

    def __init__(self, mine: OwnedWriter, clock: Clock) -> None:
        """`mine` is a transaction of the `sub` of the verified token."""
        super().__init__(mine)
        self._writer = mine
        self._clock = clock

    async def create(self, title: str) -> int:
        """A conversation without messages."""
        now = timestamp(self._clock)
        values = {"title": title, "pending": None, "created_at": now, "updated_at": now}
        made = await self._writer.execute(self._writer.insert(conversations, values).returning(conversations.c.id))
        conversation_id: int = made.scalar_one()
        return conversation_id

    async def record(self, conversation_id: int, *, message: str, answer: str, memory: Memory) -> None:
        """Writes one message and its answer down, with what the assistant keeps in mind, and moves `updated_at`."""
        now = timestamp(self._clock)
        for role, content in (("user", message), ("assistant", answer)):
            said = {"conversation_id": conversation_id, "role": role, "content": content, "created_at": now}
            await self._writer.execute(self._writer.insert(messages, said))
        await self._writer.execute(
            self._writer.update(conversations)
            .where(conversations.c.id == conversation_id)
            .values({"pending": stored_memory(memory), "updated_at": now})
        )

    async def remove(self, conversation_id: int) -> bool:
        """Removes the conversation with its messages; false where there is none."""
        if await self.pending(conversation_id) is None:
            return False
        for table, column in ((messages, messages.c.conversation_id), (conversations, conversations.c.id)):
            await self._writer.execute(self._writer.delete(table).where(column == conversation_id))
        return True


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation.model_validate(dict(row._mapping))
