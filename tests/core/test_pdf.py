"""PDFs are archivable, always the same, and closed to the outside."""

import io
import socketserver
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from core.pdf import PdfUnavailable, qr_svg, render_pdf
from core.pdf.engine import FONTS, static_file
from core.pdf.legible import legible

# WeasyPrint leaves its colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
AT = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)
LOGO = '<img src="nourx:image/logo" alt="NOURX">'
SECRET = "the-content-of-a-file-of-the-server"
XMP_ID = "{http://www.aiim.org/pdfa/ns/id/}"


def page(body: str) -> str:
    return f'<html lang="fr"><body>{body}<p>visible</p></body></html>'


def make(body: str = "", **details) -> bytes:
    return render_pdf(page(body), **({"title": "Essai", "created_at": AT} | details))


def text_of(pdf: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)


def streams_of(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [item for item in opened.objects if isinstance(item, pikepdf.Stream)]
        return b"".join(item.read_bytes() for item in found)


@pytest.fixture
def outside():
    """Listen on this machine, and keep what is asked."""
    asked = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self):
            asked.append(self.request.recv(1_000))

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/x", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_pdf_is_a_tagged_pdf_a_3b_of_a4_pages():
    pdf = make()

    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        assert metadata[f"{XMP_ID}part"] == "3"
        assert metadata[f"{XMP_ID}conformance"] == "B"
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.Lang == "fr"
        assert [round(float(side)) for side in opened.pages[0].MediaBox] == [0, 0, 595, 842]


def test_a_pdf_says_who_made_it_about_what_and_when():
    pdf = make(title="Facture FAC-2026-0042", author="NOURX SARL", subject="Boutique\x00")

    information = PdfReader(io.BytesIO(pdf)).metadata
    assert information.title == "Facture FAC-2026-0042"
    assert information.author == "NOURX SARL"
    assert information.subject == "Boutique"
    assert information.creation_date == information.modification_date == AT


def test_only_our_fonts_are_used_and_all_are_embedded():
    pdf = make("<p>Ça coûte 1\u202f500\u00a0F, Kɔfi <b>Nguessan</b> مرحبا 😀</p>")

    fonts = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                fonts[str(item.FontName).partition("+")[2]] = "/FontFile2" in item
    assert fonts == {"NOURX-Sans": True, "NOURX-Sans-Semi-Bold": True, "NOURX-Fallback": True}


def test_the_same_arguments_give_the_same_bytes_another_day(monkeypatch):
    first = make("<h1>Une fois</h1>")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")  # what fontTools believes the time is

    assert make("<h1>Une fois</h1>") == first


def test_threads_do_not_disturb_each_other():
    alone = [make(f"<h1>Fil {number}</h1>") for number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: make(f"<h1>Fil {number}</h1>"), range(4)))

    assert together == alone


PLACES = [
    '<img src="{address}">',
    '<object data="{address}"></object>',
    '<embed src="{address}">',
    '<link rel="stylesheet" href="{address}">',
    '<link rel="attachment" href="{address}">',
    '<a rel="attachment" href="{address}">pièce</a>',
    '<base href="{address}"><img src="image.png">',
    '<style>@import "{address}";</style>',
    "<style>@font-face {{ font-family: X; src: url({address}) }} p {{ font-family: X }}</style>",
    "<style>p::before {{ content: url({address}) }}</style>",
    "<style>@page {{ background: url({address}) }}</style>",
    '<p style="background: url({address})">fond</p>',
    '<ul style="list-style-image: url({address})"><li>point</li></ul>',
    '<svg width="9" height="9"><image href="{address}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{address}#a"/></svg>',
]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_read_from_outside(place, outside, tmp_path):
    web, asked = outside
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    picture = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}"/></svg>'
    addresses = [
        web,
        web.replace("http:", "ftp:"),
        secret.as_uri(),
        str(secret),
        "data:image/svg+xml," + picture.replace('"', "%22"),
        "nourx:pdf.css",
        "nourx:../../settings/base.py",
        "nourx:image/absent",
    ]

    pdf = make("".join(place.format(address=address) for address in addresses))

    assert asked == []
    assert SECRET.encode() not in streams_of(pdf)
    assert PdfReader(io.BytesIO(pdf)).attachments == {}
    assert "visible" in text_of(pdf)


def picture(mode: str, kind: str, size=(40, 20)) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size).save(drawn, kind)
    return drawn.getvalue()


def images_of(pdf: bytes) -> list:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown = opened.pages[0].Resources.get("/XObject", {})
        return [(str(one.ColorSpace), bool(one.Interpolate)) for one in dict(shown).values()]


@pytest.mark.parametrize(
    ("mode", "kind", "space"),
    [
        ("RGBA", "PNG", "/DeviceRGB"),
        ("LA", "PNG", "/DeviceGray"),
        ("I;16", "PNG", "/DeviceRGB"),
        ("L", "JPEG", "/DeviceGray"),
        ("CMYK", "JPEG", "/DeviceRGB"),
    ],
)
def test_an_image_is_shown_by_its_name_as_an_archive_takes_it(mode, kind, space):
    pdf = make(LOGO, images={"logo": picture(mode, kind)})

    assert images_of(pdf) == [(space, False)]


@pytest.mark.parametrize(
    "body",
    [b"", b"GIF89a", b"\x89PNG broken", b"<svg", picture("L", "PNG", (5_000, 5_000))],
    ids=["nothing", "gif", "broken", "unclosed", "huge"],
)
def test_an_image_which_cannot_be_used_leaves_its_name(body):
    pdf = make(LOGO, images={"logo": body})

    assert images_of(pdf) == []
    assert sorted(text_of(pdf).split()) == ["NOURX", "visible"]


def test_a_drawing_cannot_fetch_either(outside):
    web, asked = outside
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}"/></svg>'

    make(LOGO, images={"logo": drawing.encode()})

    assert asked == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1\u202f475\u202f000\u00a0F\u00a0CFA", "1\u202f475\u202f000\u00a0F\u00a0CFA"),
        ("e\u0301te\u0301", "été"),
        ("Kɔfi Ŋgɔran, ߒߞߏ", "Kɔfi Ŋgɔran, ߒߞߏ"),
        ("مرحبا", "مرحبا"),
        ("Fête 🎉", "Fête □"),
        ("bravo 👍🏾", "bravo □"),
        ("merci 😀", "merci 😀\ufe0e"),
        ("👨\u200d👩\u200d👧", "□"),
        ("漢字", "□□"),
        ("payez \u202e000 1", "payez 000 1"),
        ("a\x00b\x0bc\ufeff\ud83d", "abc"),
    ],
)
def test_a_text_shows_what_the_fonts_can_draw(text, shown):
    fonts = tuple(static_file(name) for name in FONTS)

    assert legible(text, fonts=fonts) == shown


def test_no_character_is_left_without_a_glyph(caplog):
    caplog.set_level("WARNING", logger="weasyprint")
    make("<p>" + "".join(map(chr, range(0x21, 0x3000, 7))).replace("<", "") + "🎉漢</p>")

    assert [record.message for record in caplog.records if record.name == "weasyprint"] == []


def test_a_qr_code_is_drawn_without_margin():
    drawn = qr_svg("https://nourx.test/f/FAC-2026-0042")

    assert drawn.startswith('<svg viewBox="0 0 29 29"')
    assert "<path" in drawn


def test_a_server_without_pango_says_so():
    script = (
        "import cffi, datetime, django\n"
        "from django.conf import settings\n"
        "settings.configure(USE_I18N=False)\n"
        "django.setup()\n"
        "def missing(*names): raise OSError('cannot load library')\n"
        "cffi.FFI.dlopen = missing\n"
        "from core.pdf import PdfUnavailable, render_pdf\n"
        "now = datetime.datetime(2026, 11, 13, tzinfo=datetime.UTC)\n"
        "try:\n    render_pdf('', title='', created_at=now)\n"
        "except PdfUnavailable as refusal:\n    print(refusal)\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert told.stdout.splitlines()[-1] == str(PdfUnavailable.message)
