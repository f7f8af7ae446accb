"""Requests as they go over the wire. Of the standard library alone: other shops send them, too."""

import secrets
import string
from collections.abc import Mapping
from urllib.parse import urlencode

HOST = "localhost"
LETTERS = string.ascii_lowercase + string.digits


def drawn() -> str:
    """32 letters that nobody has had: a session's key, a token."""
    return "".join(secrets.choice(LETTERS) for _letter in range(32))


def request(
    method: str,
    path: str,
    *,
    cookies: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> str:
    """The text of a request; ``values`` are those of a form that one of the site's pages sends."""
    lines = {
        "Host": HOST,
        "Accept": "text/html",
        # As browsers do: else what is kept compressed would be opened for each request.
        "Accept-Encoding": "gzip, deflate, br",
        "User-Agent": "bench",
    } | dict(headers or {})
    if cookies:
        lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body = ""
    if values is not None:
        body = urlencode(values)
        lines |= {
            "Origin": f"http://{HOST}",
            "Referer": f"http://{HOST}{path}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}"
