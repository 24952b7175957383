"""One case of `contract/chat/cases.json`; tasks are named by the order in which they were made, from 1."""

import re
from typing import Any

Caller = Any


class ChatCase:
    """The tasks of one user, and a conversation about them."""

    def __init__(self, who: Caller, user: str) -> None:
        self._who = who
        self._user = user
        self._ids: list[int] = []
        self._conversation: int | None = None

    async def make(self, tasks: list[Any]) -> None:
        """Makes these tasks one after another."""
        for task in tasks:
            self._ids.append((await self._answered("POST", "tasks", json=task))["id"])

    async def say(self, message: str) -> dict[str, Any]:
        """Says a message, and gives what was answered."""
        body = {"message": self.absolute(message), "conversation_id": self._conversation}
        answer = await self._answered("POST", "chat", json=body)
        self._conversation = answer["conversation_id"]
        self._ids += [task["id"] for task in answer["tasks"] if task["id"] not in self._ids]
        tasks = [self._ids.index(task["id"]) + 1 for task in answer["tasks"]]
        return {"message": message, "answer": self._relative(answer["message"]), "tasks": tasks}

    async def afterwards(self) -> list[dict[str, Any]]:
        """All tasks of the user."""
        page = await self._answered("GET", "tasks?sort=created_at&limit=100")
        return [
            {"task": self._ids.index(task["id"]) + 1, "title": task["title"], "completed": task["completed"]}
            for task in page["items"]
        ]

    def absolute(self, text: str) -> str:
        """`{2}` as the number of the second task."""
        return re.sub(r"\{([0-9]+)\}", lambda place: str(self._ids[int(place.group(1)) - 1]), text)

    def _relative(self, text: str) -> str:
        return re.sub("#([0-9]+)", self._name, text)

    def _name(self, number: re.Match[str]) -> str:
        known = int(number.group(1))
        return f"#{{{self._ids.index(known) + 1}}}" if known in self._ids else number.group()

    async def _answered(self, method: str, path: str, **options: Any) -> Any:
        answer = await self._who(method, f"/api/{self._user}/{path}", **options)
        assert answer.is_success, answer.text
        return answer.json()
