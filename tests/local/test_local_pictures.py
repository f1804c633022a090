"""The pictures of the guides: names that stay, files that stay light, none that is missing."""

import io
import re

from PIL import Image

from nourx_site.local.docs import IMAGES, LARGEST, PAYING, lighten
from nourx_site.local.pictures import PHONE, pictures
from nourx_site.local.places import ROOT


def test_each_picture_has_a_name_of_its_own():
    names = [shot.file_name for shot in pictures(2026)]

    assert len(set(names)) == len(names)
    assert {"facture-mobile.png", "facture-bureau.png"} <= set(names)


def test_a_light_picture_looks_the_same():
    heavy = io.BytesIO()
    Image.new("RGB", (PHONE, 844), "#0b57d0").save(heavy, "BMP")

    light = lighten(heavy.getvalue())

    with Image.open(io.BytesIO(light)) as image:
        assert (image.format, image.size) == ("PNG", (PHONE, 844))
        assert image.convert("RGB").getpixel((10, 10)) == (11, 87, 208)
    assert len(light) < 5_000


def test_the_pages_show_pictures_that_exist_and_are_taken():
    taken = {shot.file_name for shot in pictures(2026)} | {f"{name}-mobile.png" for name in PAYING}
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        name for text in texts for name in re.findall(r"images/([\w-]+\.png)", text.read_text())
    }

    assert shown <= taken
    assert shown == {path.name for path in IMAGES.glob("*.png")}
    assert [path.name for path in IMAGES.glob("*.png") if path.stat().st_size > LARGEST] == []
