from os import environ

from watchword.testing import mint_token


def create_test_token(user_id: str = "user_1", email: str = "ada@example.com") -> str:
    return mint_token(secret=environ["BETTER_AUTH_SECRET"], sub=user_id, email=email)
