"""A server that understands as much of OpenSearch's language as the shop speaks, and no more.

It refuses what it does not know with 400, so that a question that is spelt wrongly fails. It is
no OpenSearch: how that weighs words is not tested by it.
"""

import base64
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

USER = "Basic " + base64.b64encode(b"shop:pass/word").decode()


class RefusedError(Exception):
    """400."""


class FakeOpenSearch(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mappings: dict[str, Any] | None = None
        self.documents: dict[str, dict[str, str]] = {}
        self.versions: dict[str, int] = {}
        self.requests: list[str] = []
        # Seconds before each answer, and whether each is an error.
        self.delay = 0.0
        self.is_broken = False

    @property
    def address(self) -> str:
        return f"shop:pass%2Fword@127.0.0.1:{self.server_address[1]}/shop"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever did not wait for the answer is gone."""


class Handler(BaseHTTPRequestHandler):
    server: FakeOpenSearch

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.requests.append(f"{self.command} {self.path}")
        time.sleep(self.server.delay)
        if self.headers.get("Authorization") != USER:
            self._answer(401, {"error": "who is it?"})
        elif self.server.is_broken:
            self._answer(503, {"error": "no"})
        else:
            try:
                self._answer(*self._done(body))
            except (RefusedError, KeyError, TypeError, ValueError) as error:
                self._answer(400, {"error": repr(error)})

    do_GET = do_PUT = do_POST = _handle  # noqa: N815 - the names that are looked for

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""

    def _done(self, body: str) -> tuple[int, Any]:
        match self.command, self.path:
            case "PUT", "/shop":
                if self.server.mappings is not None:
                    return 400, {"error": "resource_already_exists_exception"}
                self.server.mappings = json.loads(body)["mappings"]
                return 200, {"acknowledged": True}
            case _ if self.server.mappings is None:
                return 404, {"error": "index_not_found_exception"}
            case "GET", "/shop/_mapping":
                return 200, {"shop": {"mappings": self.server.mappings}}
            case "POST", "/shop/_bulk":
                if self.headers["Content-Type"] != "application/x-ndjson":
                    raise RefusedError("Content-Type")
                return 200, {"items": list(self._bulk(body))}
            case "POST", "/shop/_search":
                return 200, self._search(json.loads(body))
        raise RefusedError(self.path)

    def _bulk(self, body: str) -> Generator[dict[str, Any]]:
        if not body.endswith("\n"):
            raise RefusedError("The bulk request must be terminated by a newline")
        lines = iter(body.splitlines())
        for line in lines:
            [(action, about)] = json.loads(line).items()
            key = about.pop("_id")
            if action == "delete" and not about:
                known = self.server.documents.pop(key, None)
                yield {"delete": {"_id": key, "status": 200 if known else 404}}
            elif action == "index" and about.pop("version_type") == "external_gte":
                document, version = json.loads(next(lines)), about.pop("version")
                is_old = version < self.server.versions.get(key, 0)
                if not is_old:
                    self.server.documents[key] = document
                    self.server.versions[key] = version
                yield {"index": {"_id": key, "status": 409 if is_old else 201}}
            else:
                raise RefusedError(line)

    def _search(self, asked: dict[str, Any]) -> dict[str, Any]:
        size, query = asked.pop("size"), asked.pop("query")
        if asked != {"_source": False}:
            raise RefusedError(asked)
        scored = [(_score(query, doc), key) for key, doc in self.server.documents.items()]
        hits = sorted(((score, key) for score, key in scored if score), reverse=True)
        return {"hits": {"hits": [{"_id": key, "_score": score} for score, key in hits[:size]]}}


def _score(query: dict[str, Any], document: dict[str, str]) -> float:
    """0 where the document does not fit."""
    [(kind, about)] = query.items()
    if kind == "bool":
        return _bool(dict(about), document)
    if kind == "dis_max":
        return max(_score(one, document) for one in about["queries"])
    [(name, what)] = about.items()
    if kind == "terms":
        return float(document[name] in what)
    known = document[name].split()
    if kind == "term":
        return what["boost"] * (what["value"] in known)
    if kind == "prefix":
        return what["boost"] * any(word.startswith(what["value"]) for word in known)
    raise RefusedError(kind)


def _bool(about: dict[str, Any], document: dict[str, str]) -> float:
    least = about.pop("minimum_should_match", 0)
    needed = [_score(one, document) for one in about.pop("must", [])]
    welcome = [_score(one, document) for one in about.pop("should", [])]
    is_inside = all(_score(one, document) for one in about.pop("filter", []))
    if about:
        raise RefusedError(about)
    fits = is_inside and all(needed) and sum(map(bool, welcome)) >= least
    return sum(needed) + sum(welcome) if fits else 0.0


@contextmanager
def fake_opensearch() -> Generator[FakeOpenSearch]:
    server = FakeOpenSearch()
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
