"""Images given to a document: which are taken, and in which form an archive takes them."""

import io
import warnings

from PIL import Image

MOST_PIXELS = 20_000_000
PRINTABLE_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class UnusableImage(ValueError):
    """The bytes are no PNG, JPEG or SVG, or draw too large an image."""


def usable_image(body: bytes) -> tuple[bytes, str]:
    """Return an image and its type, converted when its colours are not those of a screen.

    :raises UnusableImage: if it cannot be drawn.
    """
    if body.lstrip().startswith(b"<"):
        return body, "image/svg+xml"
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            return _usable_picture(body)
    except (OSError, SyntaxError, Image.DecompressionBombError) as fault:
        raise UnusableImage("unreadable") from fault


def _usable_picture(body: bytes) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(body), formats=tuple(TYPES)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise UnusableImage(f"{picture.width} × {picture.height}")
        if picture.mode in PRINTABLE_MODES:
            return body, TYPES[str(picture.format)]
        converted = io.BytesIO()
        picture.convert("RGB").save(converted, "PNG")
    return converted.getvalue(), TYPES["PNG"]
