"""Second factors."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from secrets import token_bytes

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User

Flag = AuthenticatorData.FLAG


def make_app(user: User) -> str:
    """An authenticator app that is set up; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def make_codes(user: User) -> list[str]:
    """Recovery codes."""
    return RecoveryCodes.activate(user).generate_codes()


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or will show some half minutes ahead: the one after is taken too."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


class SoftKey:
    """A security key in software. `is_verified`: whether it says that a PIN or a finger was given; `count`: the number
    that it said last, None for one that does not count."""

    def __init__(self, *, origin: str = "http://localhost:8000", count: int | None = None) -> None:
        self.count = count
        self.private, self.id = generate_private_key(SECP256R1()), token_bytes(16)
        self.origin, self.is_verified = origin, True

    def adds(self, options: dict) -> str:
        """What the browser sends for a new key."""
        told = AttestedCredentialData.create(bytes(16), self.id, ES256.from_cryptography_key(self.private.public_key()))
        made = AttestationObject.create("none", self._says(options["rp"]["id"], Flag.AT, told), {})
        return self._sent(clientDataJSON=self._client("webauthn.create", options), attestationObject=made)

    def proves(self, options: dict, user: User) -> str:
        """What the browser sends to sign in."""
        client, said = self._client("webauthn.get", options), self._says(options["rpId"], Flag(0))
        signature = self.private.sign(said + sha256(client).digest(), ECDSA(SHA256()))
        handle = user_pk_to_url_str(user).encode()
        return self._sent(clientDataJSON=client, authenticatorData=said, signature=signature, userHandle=handle)

    def _client(self, kind: str, options: dict) -> CollectedClientData:
        return CollectedClientData.create(kind, options["challenge"], self.origin)

    def _says(self, rp: str, flags: Flag, told: bytes = b"") -> AuthenticatorData:
        flags |= Flag.UP | (Flag.UV if self.is_verified else Flag(0))
        self.count = None if self.count is None else self.count + 1
        return AuthenticatorData.create(sha256(rp.encode()).digest(), flags, self.count or 0, told)

    def _sent(self, **response: bytes) -> str:
        parts = {name: websafe_encode(value) for name, value in response.items()}
        own = websafe_encode(self.id)
        rest = {"type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}}}
        return json.dumps({"id": own, "rawId": own, "response": parts} | rest)
