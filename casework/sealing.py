"""The only place that seals what the database keeps so that the database alone cannot open it."""

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
