from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from watchword.fastapi import SelfUser, install

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["http://localhost:3000"], allow_methods=["*"], allow_headers=["Authorization"]
)
install(app)


@app.get("/api/{user_id}/tasks")
async def list_tasks(user: SelfUser) -> dict[str, str]:
    return {"owner": user.user_id}
