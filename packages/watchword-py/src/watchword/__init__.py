"""Verifies the API tokens that `watchword/better-auth` issues."""

from .algorithms import Algorithm
from .audit_record import to_audit_record
from .authenticate import AuthenticationMode, authenticate, require_role, require_scope, require_self
from .clock import Clock, system_clock
from .environment import (
    Environment,
    audience_from_environment,
    issuer_from_environment,
    verifier_options_from_environment,
)
from .errors import (
    ERROR_TABLE,
    ConfigurationError,
    ErrorCode,
    ErrorEntry,
    RefusalCode,
    WatchwordError,
)
from .identity import Identity
from .key_set import SharedKey
from .key_set_events import KeySetEvent, KeySetStatus
from .keys import check_key, check_secret, compute_key_id, derive_key
from .problem import Problem, ValidationFault, to_problem
from .request_id import request_id_from
from .revocation import RevocationMode, RevocationSource, RevocationSubject
from .revocation_events import FeedEvent
from .revocation_feed import FeedState, FeedStatus, RevocationFeed
from .revocation_list import Revocation, applies_to
from .revocation_settings import FeedOptions, feed_options_from_environment
from .revocation_token import derive_feed_key
from .strict_json import JsonObject
from .verifier_options import CacheOptions, RejectEvent, VerifierOptions
from .verify import Verifier

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
