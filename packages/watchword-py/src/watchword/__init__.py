"""Verifies the API tokens that `watchword/better-auth` issues."""

from ._audit_record import to_audit_record
from ._clock import Clock, system_clock
from ._encoding.strict_json import JsonObject
from ._errors import (
    ERROR_TABLE,
    ConfigurationError,
    ErrorCode,
    ErrorEntry,
    RefusalCode,
    WatchwordError,
)
from ._feed.create_verifier import Verifier
from ._feed.revocation_events import FeedEvent
from ._feed.revocation_feed import FeedState, FeedStatus, RevocationFeed
from ._feed.revocation_list import Revocation, applies_to
from ._feed.revocation_settings import FeedOptions, feed_options_from_environment
from ._feed.revocation_token import derive_feed_key
from ._guard.authenticate import AuthenticationMode, authenticate, require_role, require_scope, require_self
from ._guard.problem import Problem, ValidationFault, to_problem
from ._keys.algorithms import Algorithm
from ._keys.key_set import SharedKey
from ._keys.key_set_events import KeySetEvent, KeySetStatus
from ._keys.keys import check_key, check_secret, compute_key_id, derive_key
from ._request_id import request_id_from
from ._token.environment import (
    Environment,
    audience_from_environment,
    issuer_from_environment,
    verifier_options_from_environment,
)
from ._token.identity import Identity
from ._token.revocation import RevocationMode, RevocationSource, RevocationSubject
from ._token.verifier_options import CacheOptions, RejectEvent, VerifierOptions

__all__ = [
    "ERROR_TABLE",
    "Algorithm",
    "AuthenticationMode",
    "CacheOptions",
    "Clock",
    "ConfigurationError",
    "Environment",
    "ErrorCode",
    "ErrorEntry",
    "FeedEvent",
    "FeedOptions",
    "FeedState",
    "FeedStatus",
    "Identity",
    "JsonObject",
    "KeySetEvent",
    "KeySetStatus",
    "Problem",
    "RefusalCode",
    "RejectEvent",
    "Revocation",
    "RevocationFeed",
    "RevocationMode",
    "RevocationSource",
    "RevocationSubject",
    "SharedKey",
    "ValidationFault",
    "Verifier",
    "VerifierOptions",
    "WatchwordError",
    "applies_to",
    "audience_from_environment",
    "authenticate",
    "check_key",
    "check_secret",
    "compute_key_id",
    "derive_feed_key",
    "derive_key",
    "feed_options_from_environment",
    "issuer_from_environment",
    "request_id_from",
    "require_role",
    "require_scope",
    "require_self",
    "system_clock",
    "to_audit_record",
    "to_problem",
    "verifier_options_from_environment",
]
