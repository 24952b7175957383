from os import environ
from typing import Annotated, Any

from fastapi import Body, FastAPI
from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.ext.asyncio import create_async_engine
from watchword.fastapi import SelfUser, install
from watchword.sqlalchemy import Owned, OwnedTables

metadata = MetaData()
tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
)
posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("is_private", Integer, nullable=False),
)

engine = create_async_engine(environ["DATABASE_URL"])
owned = OwnedTables(engine, {tasks: "user_id", posts: Owned("user_id", visible=posts.c.is_private == 0)})

app = FastAPI()
install(app)


@app.get("/posts")
async def list_posts() -> list[dict[str, Any]]:
    async with owned.reading_as_anyone() as anyone:
        return [dict(row._mapping) for row in await anyone.execute(anyone.select_visible(posts))]


@app.get("/api/{user_id}/tasks")
async def list_tasks(user: SelfUser) -> list[dict[str, Any]]:
    async with owned.reading(user.user_id) as mine:
        return [dict(row._mapping) for row in await mine.execute(mine.select(tasks).order_by(tasks.c.id))]


@app.post("/api/{user_id}/tasks")
async def add_task(user: SelfUser, title: Annotated[str, Body(embed=True)]) -> dict[str, Any]:
    async with owned.writing(user.user_id) as mine:
        made = await mine.execute(mine.insert(tasks, {"title": title}).returning(tasks))
        return dict(made.one()._mapping)
