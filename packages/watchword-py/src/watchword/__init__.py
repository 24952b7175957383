"""Verifies the API tokens that `watchword/better-auth` issues."""

from .algorithms import Algorithm
from .audit_record import audit_record
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
from .keys import check_key, check_secret, derive_key, key_id
from .problem import Problem, ValidationFault, problem
from .request_id import request_id_from
from .revocation import RevocationSource, RevocationSubject, RevocationUse
from .revocation_events import FeedEvent
from .revocation_feed import FeedStatus, RevocationFeed
from .revocation_follower import FeedState
from .revocation_list import Revocation, concerns
from .revocation_settings import FeedSettings, feed_settings_from_environment
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
    "FeedSettings",
    "FeedState",
    "FeedStatus",
    "Identity",
    "JsonObject",
    "Problem",
    "RefusalCode",
    "RejectEvent",
    "Revocation",
    "RevocationFeed",
    "RevocationSource",
    "RevocationSubject",
    "RevocationUse",
    "SharedKey",
    "ValidationFault",
    "Verifier",
    "VerifierOptions",
    "WatchwordError",
    "audience_from_environment",
    "audit_record",
    "authenticate",
    "check_key",
    "check_secret",
    "concerns",
    "derive_feed_key",
    "derive_key",
    "feed_settings_from_environment",
    "issuer_from_environment",
    "key_id",
    "problem",
    "request_id_from",
    "require_role",
    "require_scope",
    "require_self",
    "system_clock",
    "verifier_options_from_environment",
]
