"""Make the files of a picture's renditions: it is decoded once for all of them.

Wagtail decodes the upload anew for each rendition, and lets AVIF take three times as long.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image, ImageCms, ImageOps
from wagtail.images.image_operations import ImageTransform

from catalog.models.pictures import Picture, PictureRendition
from catalog.picture_sizes import CUT, KINDS, WHOLE, filter_of, spec_of

# By eye on the demo's prints, whose grain is hard: AVIF half as large as WebP, and as good.
# Speed 8 of 10 costs a third of Pillow's 6 and 3 % more bytes; 9 would cost 20 %.
OPTIONS = {
    "avif": {"quality": 50, "speed": 8, "max_threads": 1},
    "webp": {"quality": 75, "method": 4},
    "jpeg": {"quality": 76, "progressive": True, "optimize": True},
}
EXTENSIONS = {"avif": "avif", "webp": "webp", "jpeg": "jpg"}


class GoneError(Exception):
    """The picture whose renditions are made is not there any more, or not as it was."""


def wanted(picture: Picture, *, with_cuts: bool) -> list[str]:
    """The specs that a picture is to have: a small one is not kept twice in the same size."""
    specs: dict[str, None] = {}
    for kind in KINDS.values():
        if kind.ratio and not with_cuts:
            continue
        for file_format, sizes in (("avif", kind.avif), ("webp", kind.webp)):
            seen = set()
            for size in sizes:
                spec = spec_of(file_format, size)
                result = tuple(filter_of(spec).get_transform(picture).size)
                if result not in seen:
                    specs[spec] = None
                seen.add(result)
        specs[spec_of("jpeg", kind.jpeg)] = None
    return list(specs)


def make(picture: Picture, specs: Iterable[str]) -> int:
    """Make those of the specs that are missing; return how many. Safe beside another who does.

    Raises whatever Pillow or the storage raises for a file that cannot be read.
    """
    missing = _missing(picture, specs)
    if not missing:
        return 0
    with _opened(picture, missing) as image:
        # The JPEGs last: a kind that has its JPEG is complete.
        for spec in sorted(missing, key=lambda one: one.startswith("format-jpeg")):
            _keep(picture, spec, *_made(picture, image, spec))
    forget_old_cuts(picture)
    return len(missing)


def forget_old_cuts(picture: Picture) -> None:
    """Remove what was cut around a focal point that the picture no longer has."""
    key = filter_of(CUT[0]).get_cache_key(picture)
    for old in picture.renditions.filter(filter_spec__in=CUT).exclude(focal_point_key=key):
        old.delete()


def _missing(picture: Picture, specs: Iterable[str]) -> list[str]:
    have = set(
        PictureRendition.objects.filter(image=picture, filter_spec__in=[*WHOLE, *CUT]).values_list(
            "filter_spec", "focal_point_key"
        )
    )
    return [spec for spec in specs if (spec, filter_of(spec).get_cache_key(picture)) not in have]


@contextmanager
def _opened(picture: Picture, specs: list[str]) -> Iterator[Image.Image]:
    """The uploaded picture: upright, in sRGB, without whatever else its file carries."""
    with picture.open_file() as file, Image.open(file) as image:
        upright = ImageOps.exif_transpose(image)
        yield _in_srgb(upright)


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if profile and not has_alpha and image.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            # A profile that nobody can read is left out, as browsers do.
            image = image.convert("RGB")
    plain = image.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()
    return plain


def _made(picture: Picture, image: Image.Image, spec: str) -> tuple[bytes, tuple[int, int]]:
    """The content of a rendition's file, and its width and height."""
    file_format = spec.partition("|")[0].removeprefix("format-")
    transform = ImageTransform(image.size)
    for operation in filter_of(spec).transform_operations:
        transform = operation.run(transform, picture)
    # Rounded outwards, perhaps by a pixel too many.
    left, top, right, bottom = transform.get_rect().round()
    box = max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height)
    size = tuple(max(1, round(side)) for side in transform.size)
    made = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
    if file_format == "jpeg" and made.mode == "RGBA":
        white = Image.new("RGB", made.size, "white")
        white.paste(made, mask=made.getchannel("A"))
        made = white
    target = BytesIO()
    made.save(target, file_format.upper(), **OPTIONS[file_format])
    return target.getvalue(), made.size


def _keep(picture: Picture, spec: str, content: bytes, size: tuple[int, int]) -> None:
    """Write file and row; the file goes again where another worker's row was there before.

    Raises ``GoneError`` where the picture is deleted, or has another file by now.
    """
    rendition = PictureRendition(
        image=picture, filter_spec=spec, focal_point_key=filter_of(spec).get_cache_key(picture)
    )
    name = _name(picture, spec, rendition.focal_point_key)
    rendition.file.save(name, ContentFile(content), save=False)
    rendition.width, rendition.height = size
    is_kept = False
    try:
        with transaction.atomic():
            # Held, so that an upload which replaces the file removes this one, or is seen here.
            this = Picture.objects.select_for_update().filter(pk=picture.pk)
            if not this.filter(file=picture.file.name).exists():
                raise GoneError
            rendition.save()
        is_kept = True
    except IntegrityError:
        if not _missing(picture, [spec]):
            return
        raise
    finally:
        if not is_kept:
            rendition.file.storage.delete(rendition.file.name)


def _name(picture: Picture, spec: str, key: str) -> str:
    """A new upload has new addresses, so that a browser may keep what it has for good."""
    file_format, _bar, size = spec.partition("|")
    mark = f"{picture.file_hash[:8] or picture.pk}{key[:4]}"
    end = f"{size.partition('-')[2]}.{EXTENSIONS[file_format.removeprefix('format-')]}"
    return f"{PurePath(picture.file.name).stem[:30]}.{mark}.{end}"
