"""Several names in one cell. Pure."""

import re
from collections.abc import Sequence


def joined(names: Sequence[str]) -> str:
    """Names between commas, for ``names`` to read; one that has a comma itself is quoted."""
    return ", ".join(map(_name, names))


def _name(name: str) -> str:
    if name and name == name.strip() and not set(name) & set(',"'):
        return name
    return '"' + name.replace('"', '""') + '"'


def names(text: str) -> list[str]:
    """Names between commas; one in quotation marks may have commas of its own."""
    found, rest = [], text.strip()
    while rest:
        if entry := re.match(r'"((?:[^"]|"")*)"\s*(?:,|$)', rest):
            found.append(entry[1].replace('""', '"'))
        else:
            entry = re.match(r"([^,]*)(?:,|$)", rest)
            if name := entry[1].strip():
                found.append(name)
        rest = rest[entry.end() :].strip()
    return found
