"""The field that takes files with a form, without any script."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core.files.forms import AttachmentsField
from core.files.models import StoredFile
from core.files.services import read_file
from core.files.uploads import take
from tests.core.files.samples import HTML, PDF, PROGRAM, picture


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
