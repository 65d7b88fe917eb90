"""The only place for a directory on loopback, a process of its own that signs in whom tests name.

It is a provider of OpenID Connect written from the specifications alone, without the library that
the application uses, and it can lie in every way that a hostile or a broken one does.
"""

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "casework", "the secret+of %2B the: client"
TENANT, OTHER_TENANT = (
    "11111111-2222-4333-8444-555555555555",
    "99999999-2222-4333-8444-555555555555",
)
SLOW_SECONDS = 3
OTHER_KEYS = [
    {"kty": "RSA", "alg": "PS256"},
    {"kty": "RSA", "use": "enc"},
    {"kty": "EC", "crv": "P-521"},
    {"kty": "OKP", "crv": "Ed25519"},
]
"""How keys are published that sign nothing that should be believed."""
NAMES = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}


# --- What the process does ----------------------------------------------------------------------


def _b64(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def _number(given: int, length: int = 0) -> str:
    return _b64(given.to_bytes(length or (given.bit_length() + 7) // 8, "big"))


class Key:
    """A key that signs, and how a directory publishes it (RFC 7517)."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm, self.kid = algorithm, secrets.token_hex(4)
        self.private: Any = (
            rsa.generate_private_key(65537, 2048)
            if algorithm == "RS256"
            else ec.generate_private_key(ec.SECP256R1())
        )

    def sign(self, given: bytes) -> bytes:
        if self.algorithm == "RS256":
            return bytes(self.private.sign(given, padding.PKCS1v15(), SHA256()))
        pair = decode_dss_signature(self.private.sign(given, ec.ECDSA(SHA256())))
        return b"".join(part.to_bytes(32, "big") for part in pair)

    def published(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        kept = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        if self.algorithm == "RS256":
            return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), **kept}
        places = {"x": _number(numbers.x, 32), "y": _number(numbers.y, 32)}
        return {"kty": "EC", "crv": "P-256", **places, **kept}

    def pem(self) -> bytes:
        public = self.private.public_key()
        return bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _signed(claims: dict[str, Any], key: Key, lie: str) -> str:
    header: dict[str, Any] = {"alg": key.algorithm, "kid": key.kid, "typ": "JWT"}
    signer = key.sign
    if lie == "algorithm none":
        header, signer = {"alg": "none"}, lambda given: b""
    elif lie == "signed with the public key":
        header["alg"] = "HS256"
        signer = lambda given: hmac.digest(key.pem(), given, "sha256")  # noqa: E731
    elif lie in ("signed by somebody else", "brings its own key"):
        other = Key(key.algorithm)
        signer = other.sign
        if lie == "brings its own key":
            header["jwk"] = {**other.published(), "kid": key.kid}
    head = ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
    token = f"{head}.{_b64(signer(head.encode()))}"
    if lie == "claims changed afterwards":
        changed = _b64(json.dumps({**claims, "sub": "somebody-else"}).encode())
        return ".".join((token.split(".", maxsplit=1)[0], changed, token.split(".")[2]))
    return token


@dataclass
class State:
    """What the process keeps: keys, codes given, whom it vouches for next and how it lies."""

    keys: list[Key] = field(default_factory=lambda: [Key("RS256"), Key("ES256")])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    lie: str = ""
    signs_by: int = 0
    asked: list[str] = field(default_factory=list)


class Answering(BaseHTTPRequestHandler):
    """One request to the directory."""

    state: State
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what comes back."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        issuer, _, asked = parts.path.rpartition("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.state.asked.append(asked)
        if issuer.endswith("/.well-known"):
            self.describe(issuer.removesuffix("/.well-known"), asked)
        elif asked == "keys":
            mine, lie = [key.published() for key in self.state.keys], self.state.lie
            self.send({"keys": OTHER_KEYS if lie == "signs by others" else mine})
        elif asked == "asked":
            self.send(self.state.asked)
        elif asked == "authorize":
            self.authorize(issuer, query)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        issuer, _, asked = self.path.rpartition("/")
        self.state.asked.append(asked)
        if asked == "next":
            told = json.loads(sent)
            if told.pop("rotates", False):
                self.state.keys = [Key("RS256"), Key("ES256")]
            self.state.asked.clear()
            vars(self.state).update(told)
            self.send({})
        elif asked == "token":
            self.give_token(issuer, {n: v[0] for n, v in parse_qs(sent.decode()).items()})

    def describe(self, issuer: str, asked: str) -> None:
        lie, base = self.state.lie, self.base(issuer)
        if lie == "slow":
            time.sleep(SLOW_SECONDS)
        if lie == "moved" and asked != "elsewhere":
            self.send({}, 302, Location=f"{base}/.well-known/elsewhere")
            return
        told: dict[str, Any] = {name: f"{base}/{at}" for name, at in NAMES.items()}
        told["issuer"] = f"{base}-not" if lie == "describes another" else base
        # what a client must not go by
        told |= {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
        told |= {"verify": False, "state": "chosen-by-the-directory"}
        if lie == "describes no keys":
            del told["jwks_uri"]
        if lie == "takes the form only":
            told["token_endpoint_auth_methods_supported"] = [
                "private_key_jwt",
                "client_secret_post",
            ]
        self.send(told)

    def authorize(self, issuer: str, query: dict[str, str]) -> None:
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        is_asked_well = wanted.items() <= query.items() and "openid" in query["scope"].split()
        if not is_asked_well or min(map(len, (query["state"], query["nonce"]))) < 20:
            self.send({"error": "invalid_request"}, 400)
            return
        if self.state.lie.startswith("error="):
            back = {"error": self.state.lie.removeprefix("error="), "state": query["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.state.codes[code] = query
            back = {"code": code, "state": query["state"]}
        is_another = self.state.lie == "answers as another"
        back["iss"] = self.base("/realms/another" if is_another else issuer)  # RFC 9207
        self.send({}, 302, Location=f"{query['redirect_uri']}?{urlencode(back)}")

    def give_token(self, issuer: str, sent: dict[str, str]) -> None:
        lie = self.state.lie
        asked = self.state.codes.pop(sent.get("code", ""), None)
        challenge = _b64(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if self.shown(sent) != (CLIENT, SECRET) or lie == "knows no client":
            self.send({"error": "invalid_client"}, 401)
        elif (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != sent["redirect_uri"]
        ):
            self.send({"error": "invalid_grant"}, 400)
        elif lie == "no longer well":
            self.send("<h1>Bad gateway</h1>", 502)
        elif lie == "token elsewhere":
            self.send({}, 307, Location=f"{self.base(issuer)}/elsewhere")
        else:
            claims = self.lied({**self.honest(issuer, asked), **self.state.claims}, lie)
            signed = _signed(claims, self.state.keys[self.state.signs_by], lie)
            token = {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}
            if lie == "no ID token":
                del token["id_token"]
            self.send(token)

    def shown(self, sent: dict[str, str]) -> tuple[str, ...]:
        """By which name and secret the client is known (RFC 6749, section 2.3.1)."""
        if self.state.lie == "takes the form only":
            return sent.get("client_id", ""), sent.get("client_secret", "")
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        return tuple(map(unquote_plus, base64.b64decode(basic).decode().split(":")))

    def honest(self, issuer: str, asked: dict[str, str]) -> dict[str, Any]:
        """What every token says, whomever it is about."""
        now, tenant = int(time.time()), issuer.split("/")[1]
        return {
            "iss": self.base(issuer),
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **({"tid": tenant} if issuer.endswith("/v2.0") else {}),
            **({"auth_time": now} if asked.get("max_age") == "0" else {}),
        }

    def lied(self, claims: dict[str, Any], lie: str) -> dict[str, Any]:
        """The claims, but for what is lied about."""
        told, _, value = lie.partition("=")
        if told == "without":
            return {name: kept for name, kept in claims.items() if name != value}
        return {**claims, **json.loads(value)} if told == "says" else claims

    def base(self, issuer: str) -> str:
        """The address under which this issuer is known."""
        return f"http://{self.headers['Host']}{issuer}"

    def send(self, told: object, status: int = 200, **headers: str) -> None:
        body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _serve() -> None:
    Answering.state = State()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


# --- What tests have of it ----------------------------------------------------------------------


@dataclass(frozen=True)
class Directory:
    """The directory that runs, and what it does next."""

    url: str
    process: subprocess.Popen[str]

    @property
    def keycloak(self) -> str:
        """An issuer as Keycloak has them."""
        return f"{self.url}/realms/office"

    @property
    def entra(self) -> str:
        """An issuer as Microsoft Entra ID has them: one of a tenant."""
        return f"{self.url}/{TENANT}/v2.0"

    def next(
        self, lie: str = "", *, rotates: bool = False, signs_by: int = 0, **claims: Any
    ) -> None:
        """Whom it vouches for from here on, and how it lies about them."""
        told: Any = {"claims": claims, "lie": lie, "signs_by": signs_by, "rotates": rotates}
        requests.post(f"{self.url}/next", json=told, timeout=5).raise_for_status()

    def follow(self, asked: str) -> str:
        """Where the directory sends a browser that was sent to `asked`."""
        answered = requests.get(asked, allow_redirects=False, timeout=5)
        assert answered.status_code == 302, answered.text
        return answered.headers["Location"]

    def asked(self) -> list[str]:
        """What it was asked for since it was told whom to vouch for."""
        told: list[str] = requests.get(f"{self.url}/asked", timeout=5).json()
        return told


@contextmanager
def directory() -> Iterator[Directory]:
    """A directory in a process of its own, until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout
    try:
        yield Directory(f"http://127.0.0.1:{int(process.stdout.readline())}", process)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    _serve()
