"""SKU codes for rows that have none: made of handle and options, the same at each import. Pure."""

import re
from hashlib import sha256

from anyascii import anyascii

LENGTH = 64
HASH_LENGTH = 8


def candidates(handle: str, options: tuple[str, ...]) -> list[str]:
    """Codes for one variant, the plainest first: "T-SHIRT-SMALL", "T-SHIRT-SMALL-1F0C9A2B"."""
    values = [handle, *filter(None, options)]
    plain = "-".join(filter(None, (_plain(value) for value in values)))
    digest = sha256("\0".join(values).encode()).hexdigest()
    short = plain[: LENGTH - HASH_LENGTH - 1].rstrip("-")
    hashed = [
        f"{short}-{digest[start : start + HASH_LENGTH]}".strip("-").upper()
        for start in range(0, len(digest), HASH_LENGTH)
    ]
    return [plain, *hashed] if 0 < len(plain) <= LENGTH else hashed


def _plain(value: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "-", anyascii(value).upper()).strip("-")
