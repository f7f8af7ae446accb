"""XML that every reader can read, whatever words editors and members wrote."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Neither as they are nor by their numbers may these stand in XML 1.0 (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """The text without the characters that no XML can hold."""
    return _FORBIDDEN.sub("", text)


def element(name: str, text: object = "", attributes: Mapping[str, str] | None = None) -> str:
    """One element with nothing but text in it."""
    written = "".join(
        f" {key}={quoteattr(allowed(value))}" for key, value in (attributes or {}).items()
    )
    if text == "":
        return f"<{name}{written}/>"
    return f"<{name}{written}>{escape(allowed(str(text)))}</{name}>"
