"""How long a text takes to be read."""

import re

WORDS_PER_MINUTE = 220
# Chinese and Japanese leave no blanks between words.
SIGNS_PER_MINUTE = 400
SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def minutes(text: str) -> int:
    """Whole minutes, at least one."""
    signs = len(SIGN.findall(text))
    words = len(SIGN.sub(" ", text).split())
    return max(1, round(words / WORDS_PER_MINUTE + signs / SIGNS_PER_MINUTE))
