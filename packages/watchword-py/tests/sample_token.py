"""A token made by hand, for what `mint_token` cannot make."""

import base64
import hmac

KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
PAYLOAD = (
    '{"iss":"https://auth.example.test","aud":"https://api.example.test","sub":"user_a","iat":1767225540,'
    '"exp":1767226440%s}'
)
HEADER = '{"alg":"HS256","typ":"at+jwt"}'


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: str, payload: str, key: str = KEY, hash_name: str = "sha256") -> str:
    """A token over exactly these texts."""
    signing_input = f"{encoded(header.encode())}.{encoded(payload.encode())}"
    return f"{signing_input}.{encoded(hmac.digest(key.encode(), signing_input.encode(), hash_name))}"
