"""Posts: public ones are for everybody, with or without a token; only their owner changes them."""

# No `from __future__ import annotations` here: FastAPI reads the signatures below.
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import Body, Depends, Path, Response
from pydantic import Field
from watchword import Identity
from watchword.fastapi import CurrentUser, OptionalUser
from watchword.sqlalchemy import AnyoneReader

from ..http.api_problem import ApiProblem
from ..http.fields import INTEGER_FORM
from ..http.operations import operations, problems
from ..http.page import Limit, Offset
from ..http.services import Services, UsedServices
from .repository import OwnPosts, PostReader
from .schemas import Post, PostCreate, PostList, PostUpdate

router = operations("posts")

PostId = Annotated[Annotated[int, Field(ge=1, le=999_999_999), INTEGER_FORM], Path()]

# Beside the bearer token that the document names already.
_TOKEN_OR_NOT: dict[str, object] = {"security": [{}]}


async def _own_post_id(user: CurrentUser, post_id: PostId, services: UsedServices) -> int:
    """The id of a post of the caller. What somebody else made public is there, but is not the caller's to change."""
    async with services.database.reading(user.user_id) as mine:
        post = await PostReader(mine).find(post_id)
    if post is None:
        raise ApiProblem("not_found")
    if post.user_id != user.user_id:
        raise ApiProblem("wrong_subject")
    return post_id


OwnPostId = Annotated[int, Depends(_own_post_id)]


@router.get(
    "/api/v1/posts",
    operation_id="listPosts",
    response_description="Public posts and the caller's own",
    responses=problems(400, 401, 422, 429, 503),
    openapi_extra=_TOKEN_OR_NOT,
)
async def list_posts(user: OptionalUser, services: UsedServices, limit: Limit = 50, offset: Offset = 0) -> PostList:
    async with _reading(services, user) as reader:
        return await PostReader(reader).list(limit, offset)


@router.post(
    "/api/v1/posts",
    operation_id="createPost",
    status_code=201,
    response_description="The new post",
    responses=problems(400, 401, 413, 415, 422, 429, 503),
)
async def create_post(user: CurrentUser, services: UsedServices, body: Annotated[PostCreate, Body()]) -> Post:
    async with services.database.writing(user.user_id) as mine:
        return await OwnPosts(mine, services.clock).create(body.model_dump())


@router.get(
    "/api/v1/posts/{post_id}",
    operation_id="getPost",
    response_description="The post",
    responses=problems(400, 401, 404, 429, 503),
    openapi_extra=_TOKEN_OR_NOT,
)
async def get_post(user: OptionalUser, services: UsedServices, post_id: PostId) -> Post:
    async with _reading(services, user) as reader:
        return _there(await PostReader(reader).find(post_id))


@router.put(
    "/api/v1/posts/{post_id}",
    operation_id="putPost",
    response_description="The post",
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
)
@router.patch(
    "/api/v1/posts/{post_id}",
    operation_id="updatePost",
    response_description="The post",
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
)
async def update_post(
    user: CurrentUser, services: UsedServices, post_id: OwnPostId, body: Annotated[PostUpdate, Body()]
) -> Post:
    async with services.database.writing(user.user_id) as mine:
        return _there(await OwnPosts(mine, services.clock).change(post_id, body.model_dump()))


@router.delete(
    "/api/v1/posts/{post_id}",
    operation_id="deletePost",
    status_code=204,
    response_description="Deleted",
    responses=problems(400, 401, 403, 404, 429, 503),
)
async def delete_post(user: CurrentUser, services: UsedServices, post_id: OwnPostId) -> Response:
    async with services.database.writing(user.user_id) as mine:
        if not await OwnPosts(mine, services.clock).remove(post_id):
            raise ApiProblem("not_found")
    return Response(status_code=204)


def _reading(services: Services, user: Identity | None) -> AbstractAsyncContextManager[AnyoneReader]:
    if user is None:
        return services.database.reading_as_anyone()
    return services.database.reading(user.user_id)


def _there(post: Post | None) -> Post:
    if post is None:
        raise ApiProblem("not_found")
    return post
