"""Read the words of our own PDFs back, as whoever copies from them would."""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+\+\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, one line for each piece of text that was set."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        name: _characters(objects, int(number))
        for body in objects.values()
        for name, number in re.findall(rb"/(F\d+\+\d+) (\d+) 0 R", body)
    }
    contents = [
        int(found[1])
        for body in objects.values()
        if b"/Type /Page\n" in body and (found := re.search(rb"/Contents (\d+) 0 R", body))
    ]
    return [_text(_stream(objects[number]), fonts) for number in contents]


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream\n")
    length = int(re.search(rb"/Length (\d+)", head)[1])
    return zlib.decompress(rest[:length]) if b"/FlateDecode" in head else rest[:length]


def _characters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    unicode_map = int(re.search(rb"/ToUnicode (\d+) 0 R", objects[font])[1])
    pairs = re.findall(rb"<(\w\w)> <(\w{4,})>\n", _stream(objects[unicode_map]))
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _text(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    lines, font = [], {}
    for name, shown in _SHOWN.findall(stream):
        if name:
            font = fonts[name]
        else:
            lines.append("".join(font[code] for code in re.sub(rb"\\(\d{3}|.)", _raw, shown)))
    return "\n".join(lines)


def _raw(escaped: re.Match[bytes]) -> bytes:
    """A byte by its number, or the one that an escape is there for."""
    return bytes([int(escaped[1], 8)]) if escaped[1].isdigit() else escaped[1]
