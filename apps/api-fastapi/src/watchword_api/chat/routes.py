"""The assistant, and what was said to it."""

# No `from __future__ import annotations` here: FastAPI reads the signatures below.
from typing import Annotated

from fastapi import Body, Path, Request, Response
from pydantic import MISSING, Field
from watchword.fastapi import SelfUser

from ..http.api_problem import ApiProblem
from ..http.fields import INTEGER_FORM
from ..http.operations import operations, problems
from ..http.page import Limit, Offset
from ..http.request_facts import facts_of
from ..http.services import UsedServices
from .conversing import Conversing, converse
from .repository import ConversationReader, OwnerConversations
from .schemas import ChatAnswer, ChatRequest, ConversationDetail, ConversationList

router = operations("chat")

ConversationId = Annotated[Annotated[int, Field(ge=1, le=999_999_999), INTEGER_FORM], Path()]


@router.post(
    "/api/{user_id}/chat",
    operation_id="chat",
    response_description="The assistant's answer",
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
)
async def chat(
    user: SelfUser, services: UsedServices, body: Annotated[ChatRequest, Body()], request: Request
) -> ChatAnswer:
    def on_model_failure(failure: str) -> None:
        request_id = facts_of(request.scope).request_id
        services.log.error("watchword.chat.model_failed", {"error.type": failure, "http.request.id": request_id})

    conversing = Conversing(services.database, services.clock, services.ask_model, on_model_failure)
    conversation_id = None if body.conversation_id is MISSING else body.conversation_id
    answer = await converse(conversing, user.user_id, body.message, conversation_id)
    services.watchers.wake(user.user_id)
    return answer


@router.get(
    "/api/{user_id}/conversations",
    operation_id="listConversations",
    response_description="The conversations of the user",
    responses=problems(400, 401, 403, 422, 429, 503),
)
async def list_conversations(
    user: SelfUser, services: UsedServices, limit: Limit = 50, offset: Offset = 0
) -> ConversationList:
    async with services.database.reading(user.user_id) as mine:
        return await ConversationReader(mine).list(limit, offset)


@router.get(
    "/api/{user_id}/conversations/{conversation_id}",
    operation_id="getConversation",
    response_description="The conversation with its messages",
    responses=problems(400, 401, 403, 404, 429, 503),
)
async def get_conversation(
    user: SelfUser, services: UsedServices, conversation_id: ConversationId
) -> ConversationDetail:
    async with services.database.reading(user.user_id) as mine:
        detail = await ConversationReader(mine).detail(conversation_id)
    if detail is None:
        raise ApiProblem("not_found")
    return detail


@router.delete(
    "/api/{user_id}/conversations/{conversation_id}",
    operation_id="deleteConversation",
    status_code=204,
    response_description="Deleted",
    responses=problems(400, 401, 403, 404, 429, 503),
)
async def delete_conversation(user: SelfUser, services: UsedServices, conversation_id: ConversationId) -> Response:
    async with services.database.writing(user.user_id) as mine:
        if not await OwnerConversations(mine, services.clock).remove(conversation_id):
            raise ApiProblem("not_found")
    return Response(status_code=204)
