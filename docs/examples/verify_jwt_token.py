from os import environ
from typing import Any

import jwt


def verify_jwt_token(token: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        environ["WATCHWORD_KEY"],
        algorithms=["HS256"],
        audience=environ["API_AUDIENCE"],
        issuer=environ["BETTER_AUTH_URL"],
        options={"require": ["exp", "iat", "sub", "aud", "iss"]},
    )
