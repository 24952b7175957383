"""The closed list of codes, and the two errors that this package raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

RefusalCode = Literal[
    "missing",
    "malformed",
    "ambiguous_credentials",
    "too_large",
    "unsupported_alg",
    "unsupported_crit",
    "unknown_key",
    "bad_signature",
    "wrong_type",
    "missing_claim",
    "invalid_claim",
    "expired",
    "not_yet_valid",
    "wrong_issuer",
    "wrong_audience",
    "sender_constrained",
    "revoked",
    "insufficient_scope",
    "wrong_subject",
    "malformed_request",
    "malformed_body",
    "not_found",
    "method_not_allowed",
    "precondition_failed",
    "body_too_large",
    "unsupported_media_type",
    "validation_failed",
    "rate_limited",
    "internal_error",
    "unavailable",
]
"""The codes that a request can be refused with."""

ErrorCode = RefusalCode | Literal["misconfigured"]
"""The closed union of codes, the same words in both languages, the contract and the documentation."""


class ErrorEntry(NamedTuple):
    """What the contract says about one code."""

    status: int | None
    """HTTP status; `None` for a fault that never reaches HTTP."""
    error: str | None
    """`error` of the challenge (RFC 6750 §3.1); `None` when the challenge carries none."""
    title: str
    detail: str
    variants: Mapping[str, str] = MappingProxyType({})
    """Other details of the same code, by name."""


def _invalid_token(title: str, **variants: str) -> ErrorEntry:
    return ErrorEntry(401, "invalid_token", title, "Invalid token.", MappingProxyType(variants))


ERROR_TABLE: Final[Mapping[ErrorCode, ErrorEntry]] = MappingProxyType(
    {
        "missing": ErrorEntry(
            401,
            None,
            "Authentication required",
            "Authorization header missing. Include: Authorization: Bearer <token>",
            MappingProxyType({"scheme": "This authorization scheme is not supported. Expected: Bearer <token>"}),
        ),
        "malformed": _invalid_token(
            "Malformed credential",
            credential="Invalid authorization header format. Expected: Bearer <token>",
        ),
        "ambiguous_credentials": ErrorEntry(
            400,
            "invalid_request",
            "More than one credential",
            "More than one credential was sent. Send exactly one Authorization header.",
        ),
        "too_large": _invalid_token("Token too large"),
        "unsupported_alg": _invalid_token("Unsupported algorithm"),
        "unsupported_crit": _invalid_token("Unsupported critical header"),
        "unknown_key": _invalid_token("Unknown key"),
        "bad_signature": _invalid_token("Bad signature"),
        "wrong_type": _invalid_token("Wrong kind of token"),
        "missing_claim": _invalid_token("Claim missing", sub="Token missing user ID (sub claim)."),
        "invalid_claim": _invalid_token("Invalid claim"),
        "expired": ErrorEntry(401, "invalid_token", "Token expired", "Token has expired."),
        "not_yet_valid": _invalid_token("Token not yet valid"),
        "wrong_issuer": _invalid_token("Wrong issuer"),
        "wrong_audience": _invalid_token("Wrong audience"),
        "sender_constrained": _invalid_token("Sender-constrained token"),
        "revoked": _invalid_token("Token revoked"),
        "insufficient_scope": ErrorEntry(
            403,
            "insufficient_scope",
            "Insufficient scope",
            "Access denied. The token does not grant what this operation needs.",
        ),
        "wrong_subject": ErrorEntry(
            403, None, "Access denied", "Access denied. You can only access your own resources."
        ),
        "malformed_request": ErrorEntry(400, None, "Malformed request", "The request is not well-formed HTTP/1.1."),
        "malformed_body": ErrorEntry(
            400, None, "Unreadable body", "The request body is not well-formed JSON in UTF-8."
        ),
        "not_found": ErrorEntry(404, None, "Not found", "Resource not found."),
        "method_not_allowed": ErrorEntry(
            405,
            None,
            "Method not allowed",
            "This resource does not support the method. See the Allow header.",
        ),
        "precondition_failed": ErrorEntry(
            412,
            None,
            "Precondition failed",
            "The resource has changed since it was read. Read it again and repeat the change.",
        ),
        "body_too_large": ErrorEntry(413, None, "Body too large", "The request body is larger than 65536 bytes."),
        "unsupported_media_type": ErrorEntry(415, None, "Unsupported media type", "Send the body as application/json."),
        "validation_failed": ErrorEntry(422, None, "Validation failed", "Validation error."),
        "rate_limited": ErrorEntry(
            429,
            None,
            "Too many requests",
            "Too many failed authentication attempts. Wait and try again.",
        ),
        "internal_error": ErrorEntry(
            500,
            None,
            "Internal error",
            "The request could not be completed. It is safe to try again.",
        ),
        "unavailable": ErrorEntry(
            503,
            None,
            "Service unavailable",
            "The service is temporarily unavailable. Try again shortly.",
            MappingProxyType(
                {
                    "revocations": "The service has no current list of revoked tokens, and accepts no token "
                    "without it. Start the issuer; the service's log says more.",
                    "keys": "The service cannot fetch the public keys that verify tokens. "
                    "Start the issuer; the service's log says more.",
                }
            ),
        ),
        "misconfigured": ErrorEntry(
            None,
            None,
            "Misconfigured",
            "Refused at start-up. The message says what to change.",
        ),
    }
)
"""Every code with its HTTP form: the same facts as `contract/errors.json`, which a test holds it against."""


class WatchwordError(Exception):
    """A refused request. Its text is the contract's detail: it never holds anything that was sent."""

    def __init__(
        self,
        code: RefusalCode,
        *,
        variant: str | None = None,
        claim: str | None = None,
        scopes: Sequence[str] | None = None,
    ) -> None:
        entry = ERROR_TABLE[code]
        super().__init__(entry.variants.get(variant or "", entry.detail))
        self.code: RefusalCode = code
        self.status: int = entry.status or 500
        """HTTP status."""
        self.variant = variant
        """Name of another detail of the same code, a key of `ERROR_TABLE[code].variants`."""
        self.claim = claim
        """Name of the claim that was refused, for the operator."""
        self.scopes = scopes
        """Scopes that the operation needs, for the challenge of `insufficient_scope` (RFC 6750 §3)."""
        self.audience: str | None = None
        """For the operator alone, where the code is `unknown_key` or `wrong_audience`: `aud` of the refused token,
        unverified, in printable ASCII of at most 256 characters. Several audiences are separated by spaces.
        """
        self.expected_audience: str | None = None
        """The audiences that the verifier accepts, separated by spaces; present where `audience` is."""
        self.issuer: str | None = None
        """For the operator alone, where the code is `wrong_issuer`: `iss` of the refused token, in printable ASCII of
        at most 256 characters.
        """
        self.expected_issuer: str | None = None
        """The issuers that the verifier accepts, separated by spaces; present where `issuer` is."""


class ConfigurationError(Exception):
    """A configuration that cannot be right. Raised at construction, so that the process does not start."""

    code: Final = "misconfigured"
