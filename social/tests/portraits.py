"""Pictures to upload, good and bad, and where they end up."""

import io
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(size=(800, 600), kind="JPEG", mode="RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def animation() -> bytes:
    frames = [Image.new("P", (800, 600)) for _ in range(5)]
    return picture(kind="GIF", mode="P", save_all=True, append_images=frames)


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
