"""How the shop's own style sheet leaves the house: in one file, whatever it is written in.

It is written in one small file per part, which ``css/main.css`` imports. A browser would ask
for them one after the other, and only once it has read that file.
"""

import posixpath
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/main.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
# Not what stands in the file itself, nor at the root of a host.
RELATIVE_URL = re.compile(r'url\("(?!data:|/|#|[a-z]+:)(?P<path>[^"]+)"\)')

Sources = dict[str, tuple[Storage, str]]


def bundled(name: str, sources: Sources) -> str:
    """The style sheet ``name`` with all that it imports in its place, and without comments.

    ``sources`` are the files by the name under which they are served. Raises ``KeyError`` where
    one is imported that does not exist.
    """
    out = StringIO()
    text = _read(name, sources)
    end = 0
    for found in IMPORT.finditer(text):
        out.write(text[end : found.start()])
        end = found.end()
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), found["name"]))
        part = _moved(bundled(imported, sources), imported, name)
        out.write(f"@layer {found['layer']}{{\n{part}}}" if found["layer"] else part)
    out.write(text[end:])
    return out.getvalue()


def _read(name: str, sources: Sources) -> str:
    storage, path = sources[name]
    with storage.open(path) as file:
        return COMMENT.sub("", file.read().decode())


def _moved(text: str, before: str, after: str) -> str:
    """The text of the sheet ``before`` as it must read in the sheet ``after``."""

    def moved(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(before), found["path"]))
        return f'url("{posixpath.relpath(target, PurePosixPath(after).parent)}")'

    return RELATIVE_URL.sub(moved, text)


class BundlingMixin:
    """Before a storage that gives files their hashed names."""

    def post_process(
        self, paths: Sources, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if SHEET in paths and not dry_run:
            text = bundled(SHEET, paths)
            self.delete(SHEET)
            self.save(SHEET, ContentFile(text.encode()))
            # Files get their hashes from where they come from.
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


class ShopStaticFilesStorage(BundlingMixin, CompressedManifestStaticFilesStorage):
    """One style sheet, and every file compressed and under a name that changes with it."""


class OwnStaticFilesStorage(ShopStaticFilesStorage):
    """The same for what was collected; all else keeps its plain name and its place."""

    def stored_name(self, name: str) -> str:
        is_known = self.hash_key(urlsplit(unquote(name)).path.strip()) in self.hashed_files
        return super().stored_name(name) if is_known else name
