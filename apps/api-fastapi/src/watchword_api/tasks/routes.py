"""The tasks of one user. Every way in goes through `SelfUser`, every way to a row through its owner's transaction."""

# No `from __future__ import annotations` here: FastAPI reads the signatures below.
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Body, Depends, Header, Path, Query, Request, Response
from pydantic import MISSING, Field
from starlette.convertors import StringConvertor, register_url_convertor
from watchword import Identity
from watchword.fastapi import SelfUser

from ..http.api_problem import ApiProblem
from ..http.fields import BOOLEAN_FORM, INTEGER_FORM, ONCE, WELL_FORMED
from ..http.operations import Responses, operations, problems, with_fields
from ..http.page import Limit, Offset
from ..http.precondition import entity_tag_of, require_match
from ..http.request_facts import field_values
from ..http.services import Services, UsedServices
from .event_stream import EventStream
from .feed import TaskFeed
from .repository import OwnerTasks, TaskReader
from .schemas import SortOrder, Task, TaskCompletion, TaskCreate, TaskList, TaskQuery, TaskUpdate

router = operations("tasks")


class _TaskConvertor(StringConvertor):
    regex = "(?!events$)[^/]+"


register_url_convertor("task", _TaskConvertor())

# `events` is no task: every method on that path is decided by its own route.
_ONE_TASK_PATH = "/api/{user_id}/tasks/{task_id:task}"
_ONE_TASK: Responses = {200: {"description": "The task", **with_fields("ETag")}}

TaskId = Annotated[Annotated[int, Field(ge=1, le=999_999_999), INTEGER_FORM], Path()]


async def _if_match(
    request: Request,
    _documented: Annotated[str | MISSING, Header(alias="If-Match")] = MISSING,
) -> list[str]:
    """Every `If-Match` header apart: FastAPI shows only the first one."""
    return field_values(request.scope, b"if-match")


IfMatch = Annotated[list[str], Depends(_if_match)]


async def _last_event_id(
    request: Request,
    _documented: Annotated[str | MISSING, Header(alias="Last-Event-ID")] = MISSING,
) -> int | None:
    """The number of the last change that the client knows; what is no number counts as absent."""
    values = field_values(request.scope, b"last-event-id")
    known = len(values) == 1 and re.fullmatch("[0-9]{1,9}", values[0])
    return int(values[0]) if known else None


LastEventId = Annotated[int | None, Depends(_last_event_id)]


async def _own_task_id(user: SelfUser, task_id: TaskId, services: UsedServices) -> int:
    """The id of a row that exists among the owner's: what is looked for before the members of a body are judged."""
    async with services.database.reading(user.user_id) as mine:
        task = await TaskReader(mine).find(task_id)
    if task is None:
        raise ApiProblem("not_found")
    return task_id


OwnTaskId = Annotated[int, Depends(_own_task_id)]


@router.get(
    "/api/{user_id}/tasks",
    operation_id="listTasks",
    response_description="The tasks of the user",
    responses=problems(400, 401, 403, 422, 429, 503),
)
async def list_tasks(
    user: SelfUser,
    services: UsedServices,
    completed: Annotated[Annotated[bool, BOOLEAN_FORM, ONCE] | MISSING, Query()] = MISSING,
    q: Annotated[Annotated[str, Field(max_length=200), WELL_FORMED, ONCE] | MISSING, Query()] = MISSING,
    sort: Annotated[Annotated[SortOrder, ONCE], Query()] = "-created_at",
    limit: Limit = 50,
    offset: Offset = 0,
) -> TaskList:
    query = TaskQuery(
        completed=None if completed is MISSING else completed,
        q="" if q is MISSING else q,
        sort=sort,
        limit=limit,
        offset=offset,
    )
    async with services.database.reading(user.user_id) as mine:
        return await TaskReader(mine).list(query)


@router.post(
    "/api/{user_id}/tasks",
    operation_id="createTask",
    status_code=201,
    response_description="The new task",
    responses={201: with_fields("ETag"), **problems(400, 401, 403, 413, 415, 422, 429, 503)},
)
async def create_task(
    user: SelfUser, services: UsedServices, body: Annotated[TaskCreate, Body()], response: Response
) -> Task:
    async with _changing(services, user) as owned:
        task = await owned.create(body.model_dump())
    return _tagged(response, task)


@router.get(
    "/api/{user_id}/tasks/events",
    operation_id="watchTasks",
    status_code=200,
    response_class=EventStream,
    response_description="The changes of the user's tasks, as they happen",
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **problems(400, 401, 403, 429, 503),
    },
)
async def watch_tasks(user: SelfUser, services: UsedServices, last_event_id: LastEventId) -> EventStream:
    feed = TaskFeed(services.database, user.user_id, last_event_id)
    return EventStream(
        feed=feed,
        # Before the answer begins, so that a database that cannot be used is 503.
        first=await feed.read(),
        user=user,
        watchers=services.watchers,
        revocation=services.revocation,
        clock=services.clock,
    )


@router.get(
    _ONE_TASK_PATH,
    operation_id="getTask",
    responses={**_ONE_TASK, **problems(400, 401, 403, 404, 429, 503)},
)
async def get_task(user: SelfUser, services: UsedServices, task_id: TaskId, response: Response) -> Task:
    async with services.database.reading(user.user_id) as mine:
        task = await _required(TaskReader(mine), task_id)
    return _tagged(response, task)


# Clients of other APIs send a part of the row with PUT as often as with PATCH: both change what is sent.
@router.put(
    _ONE_TASK_PATH,
    operation_id="putTask",
    responses={**_ONE_TASK, **problems(400, 401, 403, 404, 412, 413, 415, 422, 429, 503)},
)
@router.patch(
    _ONE_TASK_PATH,
    operation_id="updateTask",
    responses={**_ONE_TASK, **problems(400, 401, 403, 404, 412, 413, 415, 422, 429, 503)},
)
async def update_task(
    user: SelfUser,
    services: UsedServices,
    task_id: OwnTaskId,
    if_match: IfMatch,
    body: Annotated[TaskUpdate, Body()],
    response: Response,
) -> Task:
    values = body.model_dump()
    async with _changing(services, user) as owned:
        task = await _required(owned, task_id)
        require_match(if_match, task.version)
        if values:
            task = await owned.change(task_id, values)
    return _tagged(response, task)


@router.delete(
    _ONE_TASK_PATH,
    operation_id="deleteTask",
    status_code=204,
    response_description="Deleted",
    responses=problems(400, 401, 403, 404, 412, 429, 503),
)
async def delete_task(user: SelfUser, services: UsedServices, task_id: TaskId, if_match: IfMatch) -> Response:
    async with _changing(services, user) as owned:
        require_match(if_match, (await _required(owned, task_id)).version)
        await owned.remove(task_id)
    return Response(status_code=204)


@router.patch(
    f"{_ONE_TASK_PATH}/complete",
    operation_id="completeTask",
    responses={**_ONE_TASK, **problems(400, 401, 403, 404, 412, 413, 415, 422, 429, 503)},
    openapi_extra={"requestBody": {"required": False}},
)
async def complete_task(
    user: SelfUser,
    services: UsedServices,
    task_id: OwnTaskId,
    if_match: IfMatch,
    response: Response,
    body: Annotated[TaskCompletion | MISSING, Body()] = MISSING,
) -> Task:
    async with _changing(services, user) as owned:
        task = await _required(owned, task_id)
        require_match(if_match, task.version)
        toggled = {"completed": not task.completed}
        values = toggled if body is MISSING else {**toggled, **body.model_dump()}
        task = await owned.change(task_id, values)
    return _tagged(response, task)


@asynccontextmanager
async def _changing(services: Services, user: Identity) -> AsyncIterator[OwnerTasks]:
    """The tasks of the user, to be changed as a whole or not at all. Afterwards whoever watches them is woken."""
    async with services.database.writing(user.user_id) as mine:
        yield OwnerTasks(mine, services.clock)
    services.watchers.wake(user.user_id)


async def _required(owned: TaskReader, task_id: int) -> Task:
    """The row that the URL names, inside the owner's rows; a missing and a foreign row are the same 404."""
    task = await owned.find(task_id)
    if task is None:
        raise ApiProblem("not_found")
    return task


def _tagged(response: Response, task: Task) -> Task:
    response.headers["ETag"] = entity_tag_of(task.version)
    return task
