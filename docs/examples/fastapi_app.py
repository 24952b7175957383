from os import environ

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from watchword import Verifier, verifier_options_from_environment
from watchword.fastapi import SelfUser, install

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["http://localhost:3000"], allow_methods=["*"], allow_headers=["Authorization"]
)
install(app, Verifier(**verifier_options_from_environment(environ)))


@app.get("/api/{user_id}/tasks")
async def list_tasks(user: SelfUser) -> dict[str, str]:
    return {"owner": user.user_id}
