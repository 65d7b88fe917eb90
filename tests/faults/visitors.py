"""The only place that asks the servers for pages, as a browser does: cookies, forms, redirects."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import lxml.html  # type: ignore[import-untyped]

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    page: str

    @property
    def leads_to(self) -> str:
        """The address of a redirect; empty for none."""
        return self.headers.get("location", "")


@dataclass
class Visitor:
    """Somebody at a browser. One of them may be used by several threads."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer | None:
        """A page; None when the connection broke."""
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer | None:
        """Send a form; None when no answer came, so that nobody knows what became of it."""
        kind = "application/x-www-form-urlencoded"
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def post_file(self, path: str, fields: Mapping[str, str], content: bytes) -> Answer | None:
        """Send a form with a picture."""
        boundary = secrets.token_hex(16)
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        file = b'name="file"; filename="gate.png"\r\nContent-Type: image/png\r\n\r\n' + content
        lead = f"--{boundary}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(lead + part + b"\r\n" for part in (*parts, file))
        kind = f"multipart/form-data; boundary={boundary}"
        return self._ask("POST", path, body + f"--{boundary}--\r\n".encode(), kind)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in on the page; ValueError when that does not lead anywhere."""
        form = self.form("/sign-in")
        answer = self.post("/sign-in", {**form, "email": email, "password": password})
        if answer is None or answer.status != 302:
            raise ValueError(f"{email} could not sign in: {answer and answer.status}")

    def form(self, path: str) -> dict[str, str]:
        """What a page's hidden fields hold, by name; ValueError when there is no such page."""
        answer = self.get(path)
        if answer is None or answer.status != 200:
            raise ValueError(f"{path} gave {answer and answer.status}.")
        fields = lxml.html.fromstring(answer.page).xpath("//main//form//input[@type='hidden']")
        return {each.get("name"): each.get("value") for each in fields}

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={held}" for name, held in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read().decode(),
            )
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer
