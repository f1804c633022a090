"""Papers written from templates: closed fields, values as text, versions that stay."""

import io
import zipfile
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from core import rls
from portal.documents.merging.fields import fields_in, filled, filled_html, known_fields, unknown_in
from portal.documents.merging.word import UnreadableWord, filled_word, texts_of
from portal.documents.models import PaperTemplate, ProjectDocument
from portal.documents.services.papers import source_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def word(*paragraphs):
    """Return a Word file; each paragraph is a list of the pieces that Word cut it into."""
    body = "".join(
        "<w:p>" + "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in pieces) + "</w:p>"
        for pieces in paragraphs
    )
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", document)
    return output.getvalue()


def test_unknown_names_loops_and_braces_left_alone_are_told():
    text = "{{ client.nom }} {{ client.age }} {% for x in y %} {{ user.password }} {{"

    assert unknown_in(text) == ["client.age", "user.password", "{% for x in y %}", "{{"]
    assert unknown_in("{{client.nom}} et {{  projet.titre  }}") == []
    assert fields_in("{{ a }} {{b}} {{ a }}") == ["a", "b"]


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_a_value_is_text_and_is_never_read_again(value):
    html = filled_html("<p>{{ client.nom }}</p>", {"client.nom": value})

    assert "<" not in html.removeprefix("<p>").removesuffix("</p>").replace("<br>", "")
    assert filled("{{ client.nom }}", {"client.nom": value}) == value


def test_a_field_that_word_cut_in_pieces_is_filled():
    content = word(["Bonjour {", "{ client", ".nom }} et ", "{{ contact.nom }}"], ["Fin"])
    values = {"client.nom": "Acme & <Fils>", "contact.nom": "Awa\nKoné"}

    filled_content = filled_word(content, values)

    assert texts_of(content)[0] == "Bonjour {{ client.nom }} et {{ contact.nom }}"
    assert texts_of(filled_content) == ["Bonjour Acme & <Fils> et AwaKoné", "Fin"]
    with zipfile.ZipFile(io.BytesIO(filled_content)) as archive:
        assert archive.read("word/document.xml").count(b"<w:br/>") == 1


def test_bytes_that_are_no_word_file_are_refused():
    with pytest.raises(UnreadableWord):
        texts_of(b"PK nothing")


def spoiled(content, what):
    """Return a Word file of which a part is encrypted, broken or far too large once unpacked."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content if what != "large" else b" " * 21_000_000)
    raw = bytearray(output.getvalue())
    if what == "encrypted":
        raw[6] |= 1
        raw[raw.find(b"PK\x01\x02") + 8] |= 1
    if what == "broken":
        start = raw.find(b"document.xml") + len("document.xml")
        raw[start : start + 20] = b"\xff" * 20
    return bytes(raw)


@pytest.mark.parametrize("what", ["encrypted", "broken", "large"])
def test_a_word_file_that_does_not_open_is_refused(what):
    content = spoiled(b"<w:p>Bonjour</w:p>" * 20, what)

    with pytest.raises(UnreadableWord):
        texts_of(content)


def test_every_field_says_what_it_becomes():
    assert all(field.label and field.example for field in known_fields().values())


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


@pytest.fixture
def word_template(browser):
    """A Word template, kept through the form."""
    facts = {
        "name": "Lettre",
        "kind": "other",
        "format": "docx",
        "title": "Lettre à {{ client.nom }}",
        "folder": "Lettres",
        "body": "null",
        "is_active": "on",
    }
    content = word(["À {{ client.nom }}, {{ contact.nom }}"])
    browser.post(
        screen(PaperTemplate, "add"), {**facts, "source": SimpleUploadedFile("l.docx", content)}
    )
    return SimpleNamespace(row=PaperTemplate.objects.get(name="Lettre"), facts=facts)


def screen(model, page, *arguments):
    return reverse(model.snippet_viewset.get_url_name(page), args=arguments)


def test_starter_templates_hold_known_fields_only(db):
    rows = PaperTemplate.objects.all()

    assert rows.count() == 5
    assert [unknown_in(row.title, row.body) for row in rows] == [[]] * 5
    assert all(row.versions.get().number == 1 for row in rows)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (word(["{{ client.secret }}"]), "Champs inconnus : client.secret"),
        (b"MZ rien", "ne correspond pas à son nom"),
    ],
)
def test_a_word_file_that_does_not_suit_is_refused(content, said, browser, word_template):
    file = SimpleUploadedFile("autre.docx", content)
    edit = screen(PaperTemplate, "edit", word_template.row.pk)

    page = browser.post(edit, {**word_template.facts, "source": file})

    assert said in page.content.decode()
    assert word_template.row.versions.count() == 1
    assert texts_of(source_of(PaperTemplate.objects.get(name="Lettre").source_key)) == [
        "À {{ client.nom }}, {{ contact.nom }}"
    ]


def test_each_change_of_a_template_is_a_version_that_can_come_back(browser, word_template):
    row, edit = word_template.row, screen(PaperTemplate, "edit", word_template.row.pk)

    browser.post(edit, {**word_template.facts, "title": "Courrier"})
    browser.post(edit, {**word_template.facts, "title": "Courrier", "kind": "minutes"})
    assert [one.title for one in row.versions.order_by("number")] == [
        "Lettre à {{ client.nom }}",
        "Courrier",
    ]

    browser.post(screen(PaperTemplate, "revenir", row.pk), {"number": 1})
    row.refresh_from_db()
    assert (row.title, row.versions.count()) == ("Lettre à {{ client.nom }}", 3)


def test_a_paper_says_what_it_lacks_then_becomes_a_document(browser, project, word_template):
    address = f"{screen(PaperTemplate, 'creer', word_template.row.pk)}?projet={project.pk}"
    typed = {
        "title": "Lettre à Acme",
        "folder": "Lettres",
        "visibility": "internal",
        "champ-client.nom": "Acme",
        "champ-contact.nom": "",
    }

    refused = browser.post(address, typed).content.decode()
    seen = browser.post(address, {**typed, "preview": "1", "champ-contact.nom": "Awa"})
    with rls.staff("test"):
        assert not ProjectDocument.objects.exists()
    assert "Sans valeur : nom du contact" in refused
    assert "À Acme, Awa" in seen.content.decode()

    browser.post(address, {**typed, "champ-contact.nom": "Awa {{ client.ncc }}"})
    with rls.staff("test"):
        document = ProjectDocument.objects.select_related("latest__file").get()
        content = source_of(document.latest.file.key)
    assert (document.title, document.folder, document.visibility) == (
        "Lettre à Acme",
        "Lettres",
        "internal",
    )
    assert document.latest.made_from.template == word_template.row
    assert document.latest.file.name == "lettre-a-acme.docx"
    assert texts_of(content) == ["À Acme, Awa {{ client.ncc }}"]


def test_a_text_template_is_drawn_as_pdf_with_the_data_of_the_project(browser, project):
    template = PaperTemplate.objects.get(name="Compte rendu de réunion")
    address = f"{screen(PaperTemplate, 'creer', template.pk)}?projet={project.pk}"

    page = browser.get(address).content.decode()
    browser.post(
        address,
        {
            "title": "Point",
            "folder": "",
            "visibility": "client",
            "champ-projet.titre": project.title,
            "may_be_blank": "on",
        },
    )

    assert project.title in page
    with rls.staff("test"):
        document = ProjectDocument.objects.select_related("latest__file").get()
        assert source_of(document.latest.file.key).startswith(b"%PDF-")
    assert document.shared_at is not None


def test_an_editor_writes_no_paper(client_of, editor, project):
    template = PaperTemplate.objects.first()
    address = f"{screen(PaperTemplate, 'creer', template.pk)}?projet={project.pk}"

    client_of(editor).post(address, {"title": "X", "visibility": "client", "may_be_blank": "on"})
    client_of(editor).post(screen(PaperTemplate, "edit", template.pk), {"name": "Autre"})

    assert not PaperTemplate.objects.filter(name="Autre").exists()
    with rls.staff("test"):
        assert not ProjectDocument.objects.exists()


def test_a_template_speaks_of_the_quote_that_the_client_accepted(
    browser, project, company, word_template
):
    from billing.invoicing.models import Quote

    facts = {"client": project.client, "company": company, "currency": "XOF"}
    with rls.staff("test world"):
        Quote.objects.create(
            **facts, project=project, subject="Boutique", number="DEV-2026-0001", status="accepted"
        )
        Quote.objects.create(**facts, subject="Brouillon")
    template = PaperTemplate.objects.get(name="Compte rendu de réunion")
    edit = screen(PaperTemplate, "edit", template.pk)
    body = '{"blocks": [{"key": "a", "text": "%s", "type": "unstyled", "depth": 0, '
    body += '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
    saved = {
        "name": template.name,
        "kind": "minutes",
        "format": "text",
        "title": "Suite du devis {{ devis.numero }}",
        "folder": "",
        "body": body % "Devis {{ devis.numero }} de {{ devis.montant }}",
        "is_active": "on",
    }

    browser.post(edit, saved)
    page = browser.get(f"{screen(PaperTemplate, 'creer', template.pk)}?projet={project.pk}")

    assert "DEV-2026-0001 · Boutique" in page.content.decode()
    assert "Suite du devis DEV-2026-0001" in page.content.decode()
    assert "Brouillon" not in page.content.decode()
