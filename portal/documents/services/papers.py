"""Templates of papers, version after version, and the papers written from them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.audit.log import record
from core.files.contents import ALLOWED, safe_name
from core.files.limits import check_room
from core.files.services import new_key, store_file
from portal.documents.folders import tidy_folder
from portal.documents.merging.fields import fields_in, filled
from portal.documents.merging.paper import draw_paper
from portal.documents.merging.word import filled_word, texts_of
from portal.documents.models import (
    PaperTemplate,
    PaperTemplateVersion,
    ProjectDocument,
)
from portal.documents.services.versions import keep_version, note_document
from portal.projects.models import Project

LONGEST_TITLE = 200


class MissingValues(Exception):
    """Some fields of the template have no value, and nobody said to leave them blank."""

    def __init__(self, names: list[str]):
        super().__init__(", ".join(names))
        self.names = names


@transaction.atomic
def keep_source(*, template: PaperTemplate, content: bytes, name: str) -> None:
    """Keep the Word file of a template. The bytes of its former versions stay."""
    key = new_key().replace("docs/", "templates/")
    template.source_key = storages["private"].save(key, ContentFile(content))
    template.source_name = safe_name(name)
    template.save(update_fields=["source_key", "source_name"])


@transaction.atomic
def save_template(
    *, template: PaperTemplate, uploaded: tuple[bytes, str] | None, actor: Any, at: datetime
) -> PaperTemplateVersion:
    """Keep what a template says now, and its Word file when one was sent: bytes and name."""
    if uploaded is not None:
        keep_source(template=template, content=uploaded[0], name=uploaded[1])
    return note_template(template=template, actor=actor, at=at)


@transaction.atomic
def note_template(*, template: PaperTemplate, actor: Any, at: datetime) -> PaperTemplateVersion:
    """Keep what a template says now as its next version, if it changed since the last one."""
    PaperTemplate.objects.select_for_update().get(pk=template.pk)
    digest = _digest(template)
    last = template.versions.order_by("-number").first()
    if last is not None and last.sha256 == digest:
        record("paper_template_saved", template, actor=actor, version=last.number)
        return last
    number = template.versions.aggregate(last=Max("number"))["last"] or 0
    version = PaperTemplateVersion.objects.create(
        template=template,
        number=number + 1,
        title=template.title,
        body="" if template.is_word else template.body,
        source_key=template.source_key if template.is_word else "",
        source_name=template.source_name if template.is_word else "",
        sha256=digest,
        author=actor,
        created_at=at,
    )
    record("paper_template_saved", template, actor=actor, version=version.number)
    return version


@transaction.atomic
def restore_template(*, version: PaperTemplateVersion, actor: Any, at: datetime) -> None:
    """Have a template say again what one of its versions says; that is a new version."""
    template = PaperTemplate.objects.select_for_update().get(pk=version.template_id)
    template.title, template.body = version.title, version.body
    template.source_key, template.source_name = version.source_key, version.source_name
    template.save()
    note_template(template=template, actor=actor, at=at)


@transaction.atomic
def write_paper(
    *,
    version: PaperTemplateVersion,
    project: Project,
    values: Mapping[str, str],
    title: str,
    folder: str,
    visibility: str,
    may_be_blank: bool = False,
    actor: Any,
    at: datetime,
) -> ProjectDocument:
    """Write a paper from a template: a document of the project, with its first version.

    :raises MissingValues: if a field has no value and `may_be_blank` does not say it is meant.
    :raises ValidationError: if the client's space is full, or the title is empty.
    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    missing = [name for name in fields_of(version) if not values.get(name, "").strip()]
    if missing and not may_be_blank:
        raise MissingValues(missing)
    called = " ".join(filled(title, values).split())[:LONGEST_TITLE]
    if not called:
        raise ValidationError({"title": _("Donnez un titre au document.")})
    content, extension = _drawn(version, project, values, called, at)
    check_room(project.client_id, len(content))
    document = ProjectDocument.objects.create(
        project=project, title=called, folder=tidy_folder(folder), visibility=visibility
    )
    file = store_file(
        content=content,
        name=f"{slugify(called)[:80] or 'document'}.{extension}",
        content_type=ALLOWED[extension],
        client_id=project.client_id,
        actor=actor,
    )
    kept = keep_version(document=document, file=file, actor=actor, at=at, made_from=version)
    record("paper_written", document, actor=actor, template=version.pk, version=kept.number)
    note_document(document=kept.document, actor=actor, at=at)
    return kept.document


def fields_of(version: PaperTemplateVersion) -> list[str]:
    """Return the names of the fields that a version of a template holds, in order."""
    if not version.source_key:
        return fields_in(version.title, version.body)
    return fields_in(version.title, *texts_of(source_of(version.source_key)))


def source_of(key: str) -> bytes:
    """Return the bytes of the Word file of a template.

    :raises FileNotFoundError: if the store lost them.
    """
    with storages["private"].open(key) as stream:
        return stream.read()


def _drawn(
    version: PaperTemplateVersion,
    project: Project,
    values: Mapping[str, str],
    title: str,
    at: datetime,
) -> tuple[bytes, str]:
    if version.source_key:
        return filled_word(source_of(version.source_key), values), "docx"
    company = project.client.company
    drawn = draw_paper(title=title, body=version.body, values=values, company=company, at=at)
    return drawn, "pdf"


def _digest(template: PaperTemplate) -> str:
    """Return what tells two versions of a template apart: its title, and its text or its file."""
    said = template.source_key if template.is_word else template.body
    return hashlib.sha256(f"{template.format}\n{template.title}\n{said}".encode()).hexdigest()
