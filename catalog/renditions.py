"""Which files of a picture there are: read for pages, mails and feeds, never made by them.

Workers make them (``catalog.rendition_work``). Whoever shows a picture prefetches, as each
picture without costs a query::

    gallery.select_related("image").prefetch_related(renditions.prefetch("image", "card"))
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from catalog import rendition_ring
from catalog.joined import Joined
from catalog.models.pictures import Picture, PictureRendition
from catalog.picture_sizes import FIRST, KINDS, WHOLE, Kind, filter_of, spec_of

READ = "shown_renditions"
WITH_FILES = Joined({"picture": Picture, "file": PictureRendition})


@dataclass(frozen=True)
class Source:
    """Files of one format that a browser chooses from, the smallest first."""

    file_format: str
    renditions: Sequence[PictureRendition]

    @property
    def srcset(self) -> str:
        return ", ".join(f"{one.url} {one.width}w" for one in self.renditions)


@dataclass(frozen=True)
class Shown:
    """What there is of a picture for a kind: perhaps no more than the file that was uploaded."""

    sources: Sequence[Source]
    # For browsers that know no better.
    url: str
    # Of the largest file, or what the kind will have once it is made.
    width: int
    height: int
    # Whether files of another shape stand in, which the page's style cuts.
    is_uncut: bool = False


def prefetch(path: str, *kinds: str) -> Prefetch:
    """For ``prefetch_related``: the renditions of the pictures at a path that these kinds show.

    Without kinds all that shops show. What stands in for them comes too.
    """
    lookup = f"{path}__renditions" if path else "renditions"
    # Under a name of ours: what Wagtail finds under its own it takes for all there are.
    found = PictureRendition.objects.filter(filter_spec__in=specs(kinds or KINDS))
    return Prefetch(lookup, found, to_attr=READ)


def specs(kinds: Iterable[str]) -> set[str]:
    """What is to be read of a picture for these kinds: with what stands in for them."""
    return {spec for kind in kinds for spec in KINDS[kind].specs} | set(FIRST)


def in_bulk(keys: Iterable[int], *kinds: str) -> dict[int, Picture]:
    """Pictures by their keys, with what these kinds show of them: one query, or none for none.

    As ``Picture.objects.prefetch_related(prefetch("", *kinds)).in_bulk(keys)``.
    """
    wanted = ", ".join(str(int(key)) for key in {*keys})
    if not wanted:
        return {}
    sql = f"""
        SELECT {WITH_FILES.columns} FROM catalog_picture picture
        LEFT JOIN catalog_picturerendition file
        ON file.image_id = picture.id AND file.filter_spec IN ({quoted(kinds or KINDS)})
        WHERE picture.id IN ({wanted})
    """  # noqa: S608 - numbers, and names of our own
    files: dict[Picture, list[PictureRendition]] = {}
    for picture, file in WITH_FILES.read(sql, {}):
        files.setdefault(picture, []).extend([file] if file else [])
    for picture, found in files.items():
        have(picture, found)
    return {picture.pk: picture for picture in files}


def quoted(kinds: Iterable[str]) -> str:
    """What is to be read for these kinds, as a statement lists it."""
    # Names of our own: letters, digits, "-", "|".
    return ", ".join(f"'{spec}'" for spec in sorted(specs(kinds)))


def have(picture: Picture, files: Iterable[PictureRendition]) -> None:
    """Let a picture know its files, read with it in another way than by ``prefetch``."""
    setattr(picture, READ, list(files))


def prefetch_for(pictures: Iterable[Picture | None], *kinds: str) -> None:
    """The same for pictures in hand: one query, or none where they have been prefetched."""
    found = [picture for picture in pictures if picture is not None]
    prefetch_related_objects(found, prefetch("", *kinds))


def shown(picture: Picture, kind: str) -> Shown:
    """What to show of a picture as a kind, of the files there are now.

    Where some are missing the worker is told, the closest stand in for them meanwhile, and where
    there are none at all the uploaded file. Raises ``KeyError`` for a kind that does not exist.
    """
    wanted = KINDS[kind]
    found = _found(picture)
    sources = [
        Source(name, chosen)
        for name, sizes in (("avif", wanted.avif), ("webp", wanted.webp))
        if (chosen := _chosen(found, name, sizes))
    ]
    fallback = found.get(spec_of("jpeg", wanted.jpeg))
    if fallback is not None and sources:
        largest = max((*sources[0].renditions, fallback), key=lambda one: one.width)
        return Shown(sources, fallback.url, largest.width, largest.height)
    rendition_ring.notice(picture, kind)
    return _stand_in(picture, wanted, found)


def jpeg(picture: Picture, kind: str) -> PictureRendition | None:
    """The JPEG of a kind, for where no browser chooses: mails, feeds, structured data.

    Another one where it is not made yet; None where there is none, as for a lost file.
    """
    found = _found(picture)
    wanted = KINDS[kind].jpeg
    if one := found.get(spec_of("jpeg", wanted)):
        return one
    rendition_ring.notice(picture, kind)
    others = [one for spec, one in found.items() if spec.startswith("format-jpeg|width-")]
    return max(others, key=lambda one: one.width, default=None)


def _found(picture: Picture) -> dict[str, PictureRendition]:
    """The renditions by their specs; of what is cut, only around today's focal point."""
    if not hasattr(picture, READ):
        # A query, unless somebody has prefetched them all.
        prefetch_related_objects([picture], "renditions")
    found = {}
    for one in getattr(picture, READ, picture.renditions.all()):
        if one.focal_point_key == filter_of(one.filter_spec).get_cache_key(picture):
            found[one.filter_spec] = one
    return found


def _chosen(
    found: dict[str, PictureRendition], file_format: str, sizes: Iterable[str]
) -> list[PictureRendition]:
    chosen = (found.get(spec_of(file_format, size)) for size in sizes)
    # A small picture is never made larger: several sizes of it would be the same.
    by_width = {one.width: one for one in chosen if one is not None}
    return [by_width[width] for width in sorted(by_width)]


def _stand_in(picture: Picture, wanted: Kind, found: dict[str, PictureRendition]) -> Shown:
    """What is whole stands in, in all its sizes: for what is cut the page's style cuts it."""
    sources = []
    for name in ("avif", "webp"):
        whole = [spec for spec in WHOLE if spec.startswith(f"format-{name}|")]
        chosen = _chosen(found, name, (spec.partition("|")[2] for spec in whole))
        if chosen:
            sources.append(Source(name, chosen))
    jpegs = [one for spec, one in found.items() if spec.startswith("format-jpeg|width-")]
    fallback = max(jpegs, key=lambda one: one.width, default=None)
    width, height = picture.width, picture.height
    if wanted.ratio:
        width, height = min(width, height * wanted.ratio[0] // wanted.ratio[1]), height
        height = width * wanted.ratio[1] // wanted.ratio[0]
    url = fallback.url if fallback else picture.file.url
    return Shown(sources, url, width, height, is_uncut=wanted.ratio is not None)
