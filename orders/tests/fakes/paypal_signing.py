"""How the stand-in signs its messages, and how it reads one back to check it."""

import hashlib
import hmac
import json
import re
from zlib import crc32

# Only PayPal has it.
SIGNING_KEY = b"the private key of PayPal"


def signature(transmission_id: str, moment: str, webhook_id: str, body: bytes) -> str:
    """Over the same words as PayPal's: id, time, webhook, and the checksum of the bytes sent."""
    signed = f"{transmission_id}|{moment}|{webhook_id}|{crc32(body)}"
    return "s" + hmac.new(SIGNING_KEY, signed.encode(), hashlib.sha256).hexdigest()


def event_bytes(question: bytes) -> bytes:
    """The event in the question exactly as it stands there, which is what PayPal checks."""
    text = question.decode()
    start = text.index('"webhook_event"')
    start = re.compile(r"\s*:\s*").match(text, start + len('"webhook_event"')).end()
    _, end = json.JSONDecoder().raw_decode(text, start)
    return text[start:end].encode()
