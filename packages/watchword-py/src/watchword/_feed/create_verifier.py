"""A verifier, and the feed that the environment names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from .._encoding.strict_json import JsonObject
from .._token.environment import verifier_options_from_environment
from .._token.identity import ClaimsT
from .._token.policy import check_options
from .._token.verifier_options import OtherVerifierOptions, VerifierOptions
from .._token.verify import PolicyVerifier
from .revocation_settings import environment_feed

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .revocation_feed import RevocationFeed


class Verifier(PolicyVerifier[ClaimsT]):
    """Turns tokens into identities, without a network call (but for keys published at an address, when they are not at
    hand). Made once per process. Its parameter is the type of `identity.claims`.

    It does not compare the token with the user in the URL (`require_self` does). Without `revocation` it does not ask
    whether the session still exists: a token is good until it expires.
    """

    _feed: RevocationFeed | None = None

    @overload
    def __init__(self: Verifier[JsonObject]) -> None: ...

    @overload
    def __init__(self: Verifier[JsonObject], *, claims: None = None, **options: Unpack[VerifierOptions]) -> None: ...

    @overload
    def __init__(self, *, claims: Callable[[JsonObject], ClaimsT], **options: Unpack[VerifierOptions]) -> None: ...

    @overload
    def __init__(
        self: Verifier[JsonObject],
        *,
        unsafe_raw_secret: Literal[True],
        issuer: str | Sequence[str] | None,
        secret: str,
        audience: str | Sequence[str] | None = None,
        **options: Unpack[OtherVerifierOptions],
    ) -> None: ...

    def __init__(self, **options: Any) -> None:
        """Without arguments it reads `os.environ`, and follows the revocation feed that `REVOCATION=feed` names, in a
        thread of its own, until `close`. Otherwise it checks the options. It raises `ConfigurationError` for those that
        cannot be right.

        - `issuer`: the expected `iss`, or several of which one is enough, byte for byte; `None`, spelled out, accepts
          every issuer.
        - `audience`: the expected `aud`, or several; a token needs one of them. `None`, spelled out, accepts every one,
          and needs `key`, `jwks` or `jwks_url`: a key is derived from `secret` for one audience.
        - `secret`: `BETTER_AUTH_SECRET`, at least 32 characters, or several. A key is derived from each for each
          audience.
        - `unsafe_raw_secret`: verifies with `secret` itself, for tokens without `kid` and `aud`. Any holder of that
          secret can make sessions: prefer `WATCHWORD_KEY`. It takes one secret and no `key`.
        - `key`: `WATCHWORD_KEY`, at least 32 characters, or several. Keys derived from `secret` verify beside it.
        - `jwks`: public keys given directly, `{"keys": [...]}` (RFC 7517 §5). `jwks_url`: where they are published,
          `https:`, or `http:` on this machine. `jwks_fetch`: how that address is asked. `allow_http`: lets it be
          `http:` on another machine, where anyone on the way can replace the keys.
        - `algorithms`: accepted `alg`. Default: `HS256` for shared keys; `EdDSA`, `ES256`, `RS256`, `PS256` for public
          keys.
        - `accepted_types`: accepted `typ`, `None` for a token without one. Default: `at+jwt` for tokens of shared keys;
          none, `JWT`, `at+jwt` for tokens of public keys.
        - `required_claims`: demanded beyond `iss`, `aud` (unless switched off), `sub`, `exp` and `iat`.
        - `claims`: what own claims must look like: its result becomes `identity.claims`, and a token for which it
          raises is refused.
        - `revocation`: asked on every request whether token, session or user have been revoked.
        - `cache`: memory of verified tokens, `False` for none.
        - `clock_tolerance_seconds`: how far clocks may differ, 0–60.
        - `max_lifetime_seconds`: longest accepted `exp − iat`.
        - `max_token_bytes`, `max_json_depth` (levels): bounds of what is read.
        - `on_reject`: called for every refused token; what it raises is ignored, it cannot change the verdict.
        - `on_event`: called once for every change in how `jwks_url` answers, in another thread; as for `on_reject`.
        """
        if not options:
            self._feed = environment_feed()
            options = {**verifier_options_from_environment(), "revocation": self._feed}
        self._policy = check_options(**options)
        # Once all settings are known to be right: what is raised above leaves nothing running.
        if self._feed is not None:
            self._feed.start_thread()

    def close(self) -> None:
        """Ends the revocation feed that this verifier follows because the environment names one. A second call, and one
        for any other verifier, changes nothing.
        """
        if self._feed is not None:
            self._feed.stop()
