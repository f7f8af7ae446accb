"""What reaches Django from a server, and must not bring it down before any view."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest

from storefront import wsgi


@pytest.fixture
def requests_made(monkeypatch):
    """The requests that Django is asked to answer."""
    made = []
    monkeypatch.setattr(wsgi, "_django", lambda environ, _start: made.append(WSGIRequest(environ)))
    return made


def send(content_type):
    body = "code=Größe".encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    wsgi.application(environ, None)


@pytest.mark.parametrize("charset", ["rot13", "hex", "idna", "undefined", "no-such", "utf-8"])
def test_a_form_is_read_as_utf_8_whatever_it_says(requests_made, charset):
    send(f"application/x-www-form-urlencoded; charset={charset}")

    assert requests_made[0].POST["code"] == "Größe"


def test_a_form_with_files_keeps_its_boundary(requests_made):
    send("multipart/form-data; boundary=x")

    assert requests_made[0].content_params == {"boundary": "x"}


def test_a_form_with_files_loses_only_its_character_set(requests_made):
    send("multipart/form-data; charset=rot13; boundary=x")

    assert requests_made[0].content_params == {"boundary": "x"}
