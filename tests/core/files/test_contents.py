"""What is kept and what is refused, by the bytes, whatever the name says."""

import pytest

from core.files.contents import ALLOWED, UnsafeContent, content_type_of, safe_name
from tests.core.files.samples import (
    HTML,
    OFFICE,
    PDF,
    PROGRAM,
    SCRIPT,
    SVG,
    archive,
    encrypted,
    office,
    picture,
    with_macros,
)

HONEST = [
    ("facture.pdf", PDF, "application/pdf"),
    ("FACTURE.PDF", PDF + b"\r\n", "application/pdf"),
    ("logo.png", picture("PNG"), "image/png"),
    ("photo.jpg", picture("JPEG"), "image/jpeg"),
    ("photo.jpeg", picture("JPEG"), "image/jpeg"),
    ("photo.jpg", picture("JPEG") + b"SEFT notes of a phone", "image/jpeg"),
    ("photo.webp", picture("WEBP"), "image/webp"),
    ("cahier.docx", office("docx"), ALLOWED["docx"]),
    ("budget.xlsx", office("xlsx"), ALLOWED["xlsx"]),
    ("point.pptx", office("pptx"), ALLOWED["pptx"]),
    ("lot.zip", archive({"a/b.txt": b"bonjour"}), "application/zip"),
    ("note.txt", "Échéance le 1er décembre".encode(), "text/plain"),
    ("note.txt", "Échéance".encode("cp1252"), "text/plain"),
    ("tarifs.csv", "\ufeffville;tarif\nBouaké;1500\n".encode(), "text/csv"),
]
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
REFUSED = [
    ("a page named pdf", "facture.pdf", HTML),
    ("a page named png", "logo.png", HTML),
    ("a page named txt", "note.txt", HTML),
    ("a page after blanks", "note.txt", b"\n \t" + HTML),
    ("a drawing with a script", "logo.svg", SVG),
    ("a drawing named png", "logo.png", SVG),
    ("a drawing named txt", "logo.txt", SVG),
    ("a page", "page.html", HTML),
    ("a script", "install.sh", SCRIPT),
    ("a script named php", "index.php", b"<?php system($_GET[0]);"),
    ("php named txt", "index.txt", b"<?php system($_GET[0]);"),
    ("a program", "setup.exe", PROGRAM),
    ("a program named pdf", "setup.pdf", PROGRAM),
    ("a program named txt", "setup.txt", PROGRAM),
    ("rich text named txt", "note.txt", b"{\\rtf1\\object}"),
    ("a gif that is also a script", "photo.gif", b"GIF89a/*" + b"*/=1;alert(1)"),
    ("a gif named png", "photo.png", picture("GIF")),
    ("a png named jpg", "photo.jpg", picture("PNG")),
    ("a png with a zip behind", "photo.png", picture("PNG") + archive({"a.txt": b"x"})),
    ("a webp with a page behind", "photo.webp", picture("WEBP") + HTML),
    ("a png cut short", "photo.png", picture("PNG")[:40]),
    ("a picture too large to open", "photo.png", picture("PNG", (8000, 8000))),
    ("a pdf with junk before", "facture.pdf", b"junk" + PDF),
    ("a pdf with a zip behind", "facture.pdf", PDF + archive({"a.txt": b"x"})),
    ("a pdf cut short", "facture.pdf", PDF[:12]),
    ("a zip named docx", "lot.docx", archive({"a.txt": b"x"})),
    ("a sheet named docx", "budget.docx", office("xlsx")),
    ("a word file with macros", "cahier.docx", with_macros()),
    ("a word file that declares macros", "cahier.docx", office("docx", declared=MACRO)),
    ("a template named docx", "a.docx", office("docx", declared=f"{OFFICE}word.template+xml")),
    ("a zip with a program", "lot.zip", archive({"setup.EXE": PROGRAM})),
    ("a zip with a script", "lot.zip", archive({"a.js": b"alert(1)"})),
    ("a zip that climbs", "lot.zip", archive({"../../etc/cron.d/x": b"x"})),
    ("a zip that climbs backwards", "lot.zip", archive({"..\\..\\x": b"x"})),
    ("a zip from the root", "lot.zip", archive({"/etc/passwd": b"x"})),
    ("a zip on a drive", "lot.zip", archive({"C:/windows/x": b"x"})),
    ("a bomb", "lot.zip", archive({"zeros.txt": bytes(30_000_000)})),
    ("a zip of too many parts", "lot.zip", archive({f"{n}.txt": b"" for n in range(2001)})),
    ("a zip that is locked", "lot.zip", encrypted()),
    ("a zip with junk before", "lot.zip", b"junk" + archive({"a.txt": b"x"})),
    ("a zip cut short", "lot.zip", archive({"a.txt": b"x"})[:-10]),
    ("an empty zip", "lot.zip", archive({})),
    ("control characters in a text", "note.txt", b"bonjour\x00\x07"),
    ("nothing at all", "note.txt", b""),
    ("no extension", "facture", PDF),
]


@pytest.mark.parametrize(("name", "content", "expected"), HONEST)
def test_an_honest_file_is_known_by_its_bytes(name, content, expected):
    assert content_type_of(content, name) == expected


@pytest.mark.parametrize(("name", "content"), [row[1:] for row in REFUSED], ids=lambda _: "")
def test_a_file_made_to_harm_is_refused(name, content):
    with pytest.raises(UnsafeContent):
        content_type_of(content, name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Compte rendu n° 6.pdf", "Compte rendu n° 6.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", "document"),
        ("", "document"),
        ("C:\\Users\\Awa\\devis.docx", "devis.docx"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ('<img src="x">.png', "_img src=_x__.png"),
        ("E\u0301tat.pdf", "État.pdf"),
        (".htaccess", "htaccess"),
        ("n" * 300 + ".pdf", "n" * 116 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 118),
    ],
)
def test_a_name_is_made_fit_to_show(given, kept):
    assert safe_name(given) == kept
