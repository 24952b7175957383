"""One message and its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from watchword import Clock
from watchword.sqlalchemy import OwnedWriter

from ..database.store import Database
from ..http.api_problem import ApiProblem
from ..tasks.repository import OwnerTasks
from ..tasks.schemas import Task
from .assistant import answer_by_rules, answer_to_question, carry_out
from .finder import listed
from .language import sentence
from .memory import EMPTY_MEMORY, Memory, read_memory
from .model import AskModel, ModelMessage, Proposal
from .model_tools import system_prompt
from .reply import Reply, say
from .repository import OwnerConversations
from .schemas import ChatAnswer

_TITLE_CHARACTERS = 80
_ANSWER_CHARACTERS = 20_000
_MODEL_HISTORY = 20
_MODEL_TASKS = 100


@dataclass(frozen=True, slots=True)
class Conversing:
    """What an exchange needs."""

    database: Database
    clock: Clock
    ask_model: AskModel | None
    """The language model, if there is one."""
    on_model_failure: Callable[[str], None]
    """Told when the model failed, and how."""


async def converse(conversing: Conversing, owner: str, message: str, conversation_id: int | None) -> ChatAnswer:
    """Message, answer, and every change of tasks happen in one transaction; while a model is asked there is none.

    Raises `ApiProblem` `not_found` when the conversation is none of the owner's.
    """
    database, ask_model = conversing.database, conversing.ask_model
    if ask_model is None:
        async with database.writing(owner) as mine:
            talk = await _open_talk(mine, conversing.clock, message, conversation_id)
            return await _finish(talk, await answer_by_rules(talk.tasks, message, talk.memory))
    async with database.writing(owner) as mine:
        talk = await _open_talk(mine, conversing.clock, message, conversation_id)
        reply = await answer_to_question(talk.tasks, message, talk.memory)
        if reply is not None:
            return await _finish(talk, reply)
        prompt = await _prompt_of(talk)
    proposal = await ask_model(prompt)
    if proposal.failure is not None:
        conversing.on_model_failure(proposal.failure)
    async with database.writing(owner) as mine:
        talk = await _open_talk(mine, conversing.clock, message, conversation_id)
        return await _finish(talk, await _carry_out_proposal(talk, proposal))


@dataclass(frozen=True, slots=True)
class _Talk:
    """A conversation inside a transaction."""

    conversations: OwnerConversations
    tasks: OwnerTasks
    conversation_id: int | None
    """`None` until a new one has its first exchange."""
    memory: Memory
    message: str


async def _open_talk(mine: OwnedWriter, clock: Clock, message: str, conversation_id: int | None) -> _Talk:
    conversations, tasks = OwnerConversations(mine, clock), OwnerTasks(mine, clock)
    if conversation_id is None:
        return _Talk(conversations, tasks, None, EMPTY_MEMORY, message)
    row = await conversations.pending(conversation_id)
    if row is None:
        raise ApiProblem("not_found")
    return _Talk(conversations, tasks, conversation_id, read_memory(row.pending), message)


async def _finish(talk: _Talk, reply: Reply) -> ChatAnswer:
    known = talk.conversation_id
    conversation_id = await talk.conversations.create(_title_of(talk.message)) if known is None else known
    answer = reply.text[:_ANSWER_CHARACTERS]
    await talk.conversations.record(conversation_id, message=talk.message, answer=answer, memory=reply.memory)
    return ChatAnswer(conversation_id=conversation_id, message=answer, tasks=list(reply.tasks))


async def _prompt_of(talk: _Talk) -> Sequence[ModelMessage]:
    page = await listed(talk.tasks, "all", "", "-created_at", limit=_MODEL_TASKS)
    tasks = [{"number": task.id, "title": task.title, "done": task.completed} for task in page.items]
    known = talk.conversation_id
    history = [] if known is None else await talk.conversations.history(known, _MODEL_HISTORY)
    return [
        {"role": "system", "content": system_prompt(page.total, tasks)},
        *history,
        {"role": "user", "content": talk.message},
    ]


async def _carry_out_proposal(talk: _Talk, proposal: Proposal) -> Reply:
    """All of it with the same code as the language, and told by the same reporter."""
    reply = say("", replace(talk.memory, question=None))
    if proposal.failure is not None:
        return say(sentence(f"model_{proposal.failure}"), reply.memory)
    if not proposal.commands:
        return say(proposal.text, reply.memory)
    texts: list[str] = []
    concerned: dict[int, Task] = {}
    for command in proposal.commands:
        reply = await carry_out(talk.tasks, command, reply.memory)
        texts.append(reply.text)
        concerned.update((task.id, task) for task in reply.tasks)
    return Reply("\n".join(texts), list(concerned.values()), reply.memory)


def _title_of(message: str) -> str:
    """The first message on one line, as the title of its conversation."""
    line = re.sub("[ \\t\\n\\r]+", " ", message)
    return re.sub(r"\A | \Z", "", line)[:_TITLE_CHARACTERS]
