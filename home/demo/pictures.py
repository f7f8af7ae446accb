"""Draw the pictures of the catalogue, on two processors at once."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

from PIL import Image

from home.demo import catalogue
from home.demo.drawing import draw, rooms
from home.demo.kinds import Article, Poster, Scene

JPEG_QUALITY = 88
WORKERS = 2
# Below this height a process takes longer to start than to draw.
SMALL = 400


@dataclass(frozen=True)
class Drawn:
    """A finished picture: the code of its article or scene, its words, its file and its size."""

    code: str
    alt: str
    jpeg: bytes
    size: tuple[int, int]

    @classmethod
    def of(cls, code: str, image: Image.Image, alt: str) -> "Drawn":
        file = io.BytesIO()
        image.save(file, "JPEG", quality=JPEG_QUALITY)
        return cls(code, alt, file.getvalue(), image.size)


def draw_all(height: int) -> Iterator[Drawn]:
    """Every picture of the shop, those of one article together, in the order of need."""
    jobs = [*catalogue.in_order_of_need(), *catalogue.SCENES]
    if height < SMALL:
        for job in jobs:
            yield from _pictures(job, height)
        return
    # A forked child would share the database connection; a spawned one starts clean.
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for found in pool.map(_pictures, jobs, [height] * len(jobs)):
            yield from found


def count() -> int:
    """How many pictures ``draw_all`` gives."""
    of_articles = sum(2 if article.shown == "print" else 1 for article in catalogue.articles())
    return len(catalogue.SCENES) + of_articles


def _pictures(article: Article | Scene, height: int) -> list[Drawn]:
    if isinstance(article, Scene):
        return [Drawn.of(article.code, _scene(article, height), article.alt)]
    rng = Random(article.code)  # noqa: S311 - the same picture every time
    showing: dict[str, Callable[[Article, Random, int], list[Drawn]]] = {
        "print": _print,
        "cards": _cards,
        "notebook": _notebook,
    }
    return showing[article.shown](article, rng, height)


def _print(article: Article, rng: Random, height: int) -> list[Drawn]:
    poster = article.posters[0]
    sheet = drawn(poster, height)
    frame, wood = rng.choice(((rooms.OAK, "an oak"), (rooms.BLACK, "a black")))
    # The second picture shows how it hangs, not how it is printed.
    wall = rooms.on_wall(sheet, rng, (height * 3 // 5, height * 3 // 4), frame)
    return [
        Drawn.of(article.code, sheet, poster.alt),
        Drawn.of(article.code, wall, f"The print {article.title} in {wood} frame on a wall."),
    ]


def _cards(article: Article, rng: Random, height: int) -> list[Drawn]:
    sheets = [drawn(poster, height // 2) for poster in article.posters]
    picture = rooms.cards(sheets, rng, (height * 4 // 5, height), article.table)
    return [Drawn.of(article.code, picture, article.alt)]


def _notebook(article: Article, rng: Random, height: int) -> list[Drawn]:
    cover = drawn(article.posters[0], height)
    return [Drawn.of(article.code, rooms.notebook(cover, rng, article.table), article.alt)]


def _scene(scene: Scene, height: int) -> Image.Image:
    found = {article.code: article for article in catalogue.articles()}
    sheets = [drawn(found[code].posters[0], height // 2) for code in scene.prints]
    rng = Random(scene.code or "home")  # noqa: S311 - the same picture every time
    return rooms.gallery(sheets, rng, (height, height * 5 // 8), scene.wall)


def drawn(poster: Poster, height: int) -> Image.Image:
    return draw(poster.style, poster.seed, poster.palette, height)
