"""What a language model is told, as data that both backends read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ..http.json_document import read_json_document
from .command import Command
from .json_schema import conforms
from .reference import Reference

_FILE = Path(__file__).resolve().parents[5] / "contract" / "chat" / "model.json"
_DOCUMENT: Final[dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))

MODEL_TOOLS: Final[list[dict[str, Any]]] = _DOCUMENT["tools"]
"""The functions that are offered to the model."""

_SCHEMAS: Final = {tool["function"]["name"]: tool["function"]["parameters"] for tool in MODEL_TOOLS}


def system_prompt(total: int, listed: Sequence[dict[str, object]]) -> str:
    """The first message to the model: its task, and the tasks of the user as data."""
    places = {"total": str(total), "tasks": json.dumps(listed, ensure_ascii=False, separators=(",", ":"))}
    tasks = re.sub(r"\{(total|tasks)\}", lambda place: places[place.group(1)], _DOCUMENT["tasks"])
    return f"{_DOCUMENT['system']}\n\n{tasks}"


def command_of_call(name: str, text: str) -> Command | None:
    """The command that a call of a function stands for; `None` for an unknown function or arguments that do not fit."""
    schema = _SCHEMAS.get(name)
    document = read_json_document(text.encode("utf-8", "surrogatepass"))
    if schema is None or document is None or not conforms(document.value, schema):
        return None
    values = document.value
    numbers = Reference("numbers", numbers=tuple(dict.fromkeys(map(int, values.get("numbers", ())))))
    if name == "add_task":
        return Command("add", title=values["title"])
    if name == "list_tasks":
        return Command("list", state=values["state"], about=values.get("about"))
    if name == "complete_tasks":
        return Command("complete", which=numbers)
    if name == "reopen_tasks":
        return Command("reopen", which=numbers)
    if name == "rename_task":
        number = Reference("numbers", numbers=(int(values["number"]),))
        return Command("rename", which=number, title=values["title"])
    if name == "delete_tasks":
        return Command("delete", which=numbers)
    return Command("summary") if name == "summarize_tasks" else None
