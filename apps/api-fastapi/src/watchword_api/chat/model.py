"""Asks a language model what to do. Whatever it answers is taken for untrusted input."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..http.json_document import read_json_document
from .command import Command
from .model_request import ModelUnreachable, post_json
from .model_setting import ModelSetting
from .model_tools import MODEL_TOOLS, command_of_call
from .reference import Reference

# Bounds of one question to the model. Held against `contract/defaults.json`.
TIMEOUT_SECONDS = 20
MAX_BYTES = 262_144
MAX_TOOL_CALLS = 20
MAX_TEXT_CHARACTERS = 20_000

Failure = Literal["silent", "refused", "unusable"]

ModelMessage = dict[str, str]
"""One message of a conversation, as a model reads it: `role` and `content`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a model wants: operations, or to say something; or why it can have neither."""

    commands: Sequence[Command] = ()
    text: str = ""
    failure: Failure | None = None


AskModel = Callable[[Sequence[ModelMessage]], Awaitable[Proposal]]


def ask_model_at(setting: ModelSetting, timeout_seconds: float = TIMEOUT_SECONDS) -> AskModel:
    """Asks the model once, without following redirects; nothing is raised.

    See https://platform.openai.com/docs/api-reference/chat/create
    """

    async def ask_model(messages: Sequence[ModelMessage]) -> Proposal:
        question = {"model": setting.model, "messages": messages, "tools": MODEL_TOOLS, "tool_choice": "auto"}
        body = json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode()
        asked = post_json(f"{setting.base_url}/chat/completions", setting.key, body, MAX_BYTES)
        try:
            status, answer = await asyncio.wait_for(asked, timeout_seconds)
        except (ModelUnreachable, asyncio.TimeoutError):
            return Proposal(failure="silent")
        if status != 200:
            return Proposal(failure="refused")
        return Proposal(failure="unusable") if answer is None else proposal_in(answer)

    return ask_model


def proposal_in(data: bytes) -> Proposal:
    """What the body of an answer proposes."""
    document = read_json_document(data)
    message = None if document is None else _message_in(document.value)
    if message is None:
        return Proposal(failure="unusable")
    content, refusal, calls = message
    if refusal:
        return Proposal(failure="refused")
    if calls:
        return _proposal_of(calls)
    text = content[:MAX_TEXT_CHARACTERS]
    is_sayable = re.search("[^ \\t\\n\\r]", text) and not re.search("[\u0000\ud800-\udfff]", text)
    return Proposal(text=text) if is_sayable else Proposal(failure="unusable")


def _message_in(value: Any) -> tuple[str, str, list[tuple[str, str]]] | None:
    """Text, refusal and calls of the first choice; `None` where the answer has another form."""
    choices = value.get("choices") if isinstance(value, dict) else None
    if not isinstance(choices, list) or not choices:
        return None
    messages = [choice.get("message") if isinstance(choice, dict) else None for choice in choices]
    read = [_read_message(message) for message in messages]
    return None if None in read else read[0]


def _read_message(message: Any) -> tuple[str, str, list[tuple[str, str]]] | None:
    if not isinstance(message, dict):
        return None
    content, refusal, calls = (message.get(name) for name in ("content", "refusal", "tool_calls"))
    listed = [] if calls is None else calls
    if not isinstance(content, str | None) or not isinstance(refusal, str | None) or not isinstance(listed, list):
        return None
    read = [_read_call(call) for call in listed]
    known = [call for call in read if call is not None]
    if len(read) > MAX_TOOL_CALLS or len(known) < len(read):
        return None
    return content or "", refusal or "", known


def _read_call(call: Any) -> tuple[str, str] | None:
    called = call.get("function") if isinstance(call, dict) and call.get("type") == "function" else None
    if not isinstance(called, dict):
        return None
    name, arguments = called.get("name"), called.get("arguments")
    return (name, arguments) if isinstance(name, str) and isinstance(arguments, str) else None


def _proposal_of(calls: Sequence[tuple[str, str]]) -> Proposal:
    """All calls or none. What is deleted is deleted last and together, so that several deletions are asked about."""
    commands: list[Command] = []
    deleted: list[int] = []
    for name, arguments in calls:
        command = command_of_call(name, arguments)
        if command is None:
            return Proposal(failure="unusable")
        if command.kind == "delete":
            deleted.extend(command.which.numbers)
        else:
            commands.append(command)
    if deleted:
        commands.append(Command("delete", which=Reference("numbers", numbers=tuple(dict.fromkeys(deleted)))))
    return Proposal(commands=commands)
