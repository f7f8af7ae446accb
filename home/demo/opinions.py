"""What the members of the demo shop think of its products."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).with_name("opinions.toml")


@dataclass(frozen=True)
class Opinion:
    """A review, written so many ``days`` ago; ``reply`` is the shop's."""

    code: str
    username: str
    stars: int
    days: int
    text: str
    title: str = ""
    reply: str = ""
    state: str = "approved"


def opinions() -> list[Opinion]:
    found = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return [Opinion(**one) for one in found["opinions"]]
