"""The only place that seals or hashes what the database alone must not open, nor anybody guess."""

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def box(purpose: bytes, secret: str, token: str) -> Fernet:
    """What seals and opens for one purpose, under a key (HKDF-SHA256, RFC 5869) of its own.

    The key follows from the installation's `secret` and from `token`, whose it is. What is opened
    and was altered, or sealed under another key, raises `cryptography.fernet.InvalidToken`.
    """
    derive = HKDF(algorithm=SHA256(), length=32, salt=secret.encode(), info=purpose)
    return Fernet(urlsafe_b64encode(derive.derive(token.encode())))


def keyed_hash(purpose: str, secret: str, what: str) -> str:
    """What something is found by again for one purpose: HMAC-SHA256 in hexadecimal.

    Without the installation's `secret` nobody can try whether it is of a given address.
    """
    told = f"{purpose}/{what}".encode("utf-8", "surrogatepass")
    return hmac.digest(secret.encode(), told, "sha256").hex()
