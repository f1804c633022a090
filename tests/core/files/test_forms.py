"""The field that takes files with a form, without any script."""

import uuid

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from core import rls
from core.files.forms import AttachmentsField
from core.files.models import StoredFile
from core.files.services import read_file
from core.files.uploads import take
from tests.core.files.samples import HTML, PDF, PROGRAM, picture
from tests.core.files.uploading import LONG, finish
from tests.core.files.uploading import sent as sent_by


class ReplyForm(forms.Form):
    files = AttachmentsField(most=3)


def sent(*files, data=""):
    return ReplyForm(
        QueryDict(data),
        MultiValueDict({"files": [SimpleUploadedFile(name, content) for name, content in files]}),
    )


def test_files_of_a_form_become_files_of_the_client(acme, acme_owner, team):
    form = sent(("../Devis été.pdf", PDF), ("logo.png", picture("PNG")))

    assert form.is_valid()
    kept = take(form.cleaned_data["files"], client_id=acme.pk, actor=acme_owner)

    assert [(file.name, file.content_type) for file in kept] == [
        ("Devis été.pdf", "application/pdf"),
        ("logo.png", "image/png"),
    ]
    assert read_file(kept[0].pk)[1] == PDF
    assert {(file.client, file.created_by) for file in kept} == {(acme, acme_owner)}


def test_a_form_without_files_is_fine(db):
    form = sent()

    assert form.is_valid()
    assert form.cleaned_data["files"] == []
    assert take(None, client_id=1, actor=None) == []


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("setup.pdf", PROGRAM, "setup.pdf : Le contenu de ce fichier ne correspond pas à son nom."),
        ("page.png", HTML, "page.png : Le contenu de ce fichier ne correspond pas à son nom."),
        (
            "setup.exe",
            PROGRAM,
            "setup.exe : Ce type de fichier n’est pas accepté. "
            "Envoyez un PDF, une image ou un ZIP.",
        ),
        ("vide.pdf", b"", "vide.pdf : Ce fichier est vide."),
    ],
)
def test_a_refused_file_says_why_beside_its_name(db, name, content, refusal):
    form = sent((name, content), ("bon.pdf", PDF))

    assert not form.is_valid()
    assert form.errors["files"] == [refusal]
    assert not StoredFile.objects.exists()


def test_a_file_too_large_says_the_limit(db, settings):
    settings.FILE_MAX_MB = 1

    form = sent(("gros.txt", b"a" * 1_500_000))

    assert form.errors["files"] == [
        "gros.txt : Ce fichier fait 1,5\xa0Mo ; la limite est de 1\xa0Mo."
    ]


def test_too_many_files_say_how_many(db):
    form = sent(*[(f"{n}.pdf", PDF) for n in range(4)])

    assert form.errors["files"] == ["3 fichiers au plus."]


def test_a_required_field_asks_for_a_file(db):
    class NeedsFile(forms.Form):
        files = AttachmentsField(required=True)

    assert NeedsFile(QueryDict(""), MultiValueDict()).errors["files"] == ["Choisissez un fichier."]


# --- Files sent beforehand ------------------------------------------------------------------


@pytest.fixture
def ticket(private_on_disk, client_of, acme_owner):
    return beforehand(client_of(acme_owner))


def beforehand(browser):
    ticket = sent_by(browser)
    finish(browser, ticket)
    return ticket


def test_a_form_names_files_sent_beforehand(ticket, acme, acme_owner, team):
    form = sent(("note.pdf", PDF), data=f"uploads={ticket['id']}&uploads={ticket['id']}")

    assert form.is_valid()
    kept = take(form.cleaned_data["files"], client_id=acme.pk, actor=acme_owner)

    assert [file.name for file in kept] == ["note.pdf", "devis.pdf"]
    assert read_file(kept[1].pk)[1] == LONG


def test_names_that_read_as_nothing_are_left_out(db):
    form = sent(data="uploads=&uploads=42&uploads=%00")

    assert form.is_valid()
    assert form.cleaned_data["files"] == []


def test_files_sent_beforehand_count_among_the_most(db):
    names = "&".join(f"uploads={uuid.uuid4()}" for _ in range(4))

    assert sent(data=names).errors["files"] == ["3 fichiers au plus."]


def test_a_refused_form_shows_again_what_was_sent_beforehand(ticket, acme, team):
    form = sent(("setup.pdf", PROGRAM), data=f"uploads={ticket['id']}")

    page = render_to_string(
        "components/attachments.html", {"field": form["files"], "client_id": acme.pk}
    )

    assert f'name="uploads" value="{ticket["id"]}"' in page
    assert "devis.pdf" in page
    assert "Choisissez de nouveau vos fichiers" in page
    assert "setup.pdf : Le contenu de ce fichier ne correspond pas à son nom." in page


def test_a_file_is_named_in_the_form_of_another_client_in_vain(ticket, rival, rival_owner, team):
    form = sent(data=f"uploads={ticket['id']}")
    assert form.is_valid()

    with pytest.raises(ValidationError, match="n’est plus disponible"):
        take(form.cleaned_data["files"], client_id=rival.pk, actor=rival_owner)

    with rls.clients(rival.pk):
        assert form["files"].kept == []


# --- A form too large -----------------------------------------------------------------------


def test_a_file_far_too_large_is_not_written_down(rf, settings):
    settings.FILE_MAX_MB = 1
    big = SimpleUploadedFile("gros.txt", b"a" * 9_000_000)

    with rf.post("/client/documents/deposer/", {"files": big}).FILES["files"] as kept:
        form = sent(("gros.txt", kept.read()))

        assert 1_000_000 < kept.size < 1_200_000
        assert form.errors["files"][0].startswith("gros.txt : Ce fichier fait")


def test_the_team_is_not_bound_by_that_limit(rf, settings):
    settings.FILE_MAX_MB = 1
    big = SimpleUploadedFile("film.zip", b"a" * 3_000_000)

    with rf.post("/admin/documents/add/", {"file": big}).FILES["file"] as kept:
        assert kept.size == 3_000_000
