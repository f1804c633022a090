"""Tables of a document's page: its versions, who may read it and who did, its links."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.access.grants import holders
from core.access.roles import Grant
from core.hooks import Section
from core.ui.formats import date_long, file_size, moment
from portal.documents.models import DocumentVersion, ProjectDocument, ShareLink

MOST_VERSIONS, MOST_PEOPLE = 100, 50
SHOWN = {
    "application/pdf": "pdf",
    "image/png": "image",
    "image/jpeg": "image",
    "image/webp": "image",
}


def preview_of(record: ProjectDocument) -> Section:
    """Show the latest file in the page, when a browser shows it without running anything."""
    latest = record.latest
    kind = SHOWN.get(latest.file.content_type, "") if latest and latest.file.is_open else ""
    address = reverse("documents_admin_preview", args=[record.pk, latest.number]) if latest else ""
    return Section(
        title=_("Aperçu"),
        links=[(_("Ouvrir dans un onglet"), address)]
        if latest and latest.file.is_previewed
        else (),
        template="portal/documents/admin/preview.html",
        context={
            "kind": "" if settings.S3_BUCKET else kind,  # frames of another origin stay shut
            "address": address,
            "has_file": latest is not None,
        },
    )


def people_of(record: ProjectDocument) -> Section:
    """Say who may read a document now: the team, and whom of the client."""
    people = holders(Grant.VIEW_PROJECTS, record.client_id, project_id=record.project_id)
    rows: list[tuple[Any, ...]] = [(_("L’équipe"), _("qui lit les documents"))]
    if record.is_shared:
        rows += [(person, person.email) for person in people[:MOST_PEOPLE]]
    else:
        rows.append((_("Personne chez le client"), _("document interne")))
    access = f"{reverse('documents_access')}?projet={record.project_id}"
    return Section(
        title=_("Qui peut le lire"),
        headings=(_("Personne"), _("Précision")),
        rows=rows,
        links=[(_("Accès du projet"), access)],
    )


def versions_section(rows: Iterable[DocumentVersion], *, title: Any, empty: Any) -> Section:
    """Return versions as a table of a page, in the order given, with their files."""
    return Section(
        title=title,
        headings=(
            _("Version"),
            _("Fichier"),
            _("Taille"),
            _("Écart"),
            _("Antivirus"),
            _("Déposée le"),
            _("Par"),
            _("Ce qui change"),
            "",
        ),
        rows=_version_rows(list(rows)),
        empty=empty,
    )


def versions_of(record: ProjectDocument) -> Section:
    rows = record.versions.select_related("file", "author", "made_from__template")
    empty = _("Aucun fichier : déposez la première version.")
    return versions_section(
        rows.order_by("-number")[:MOST_VERSIONS], title=_("Versions"), empty=empty
    )


def _version_rows(rows: list[DocumentVersion]) -> list[tuple[Any, ...]]:
    """Return versions as rows of a table, each compared with the one before it."""
    sizes = {row.number: row.file.size for row in rows}
    return [_version_cells(row, sizes.get(row.number - 1), row is rows[0]) for row in rows]


def _version_cells(
    version: DocumentVersion, before: int | None, is_latest: bool
) -> tuple[Any, ...]:
    """Return a version as a row of a table, its file one click away."""
    place = [version.document_id, version.number]
    address = reverse("documents_admin_download", args=place)
    return (
        version.number,
        format_html('<a href="{}">{}</a>', address, version.file.name),
        file_size(version.file.size),
        "" if before is None else size_change(version.file.size - before),
        version.file.get_scan_display(),
        date_long(timezone.localdate(version.created_at)),
        version.author or "",
        version.note or _template_of(version),
        "" if is_latest else _restore_link(version),
    )


def size_change(change: int) -> str:
    """Write how many bytes a file gained or lost, such as « + 12 ko »."""
    if change == 0:
        return "="
    return f"{'+' if change > 0 else '−'}\u00a0{file_size(abs(change))}"


def _template_of(version: DocumentVersion) -> Any:
    if version.made_from_id is None or version.made_from is None:
        return ""
    return _("D’après « %(name)s »") % {"name": version.made_from.template.name}


def _restore_link(version: DocumentVersion) -> Any:
    name = ProjectDocument.snippet_viewset.get_url_name("retablir")
    address = f"{reverse(name, args=[version.document_id])}?version={version.number}"
    return format_html('<a href="{}">{}</a>', address, _("Rétablir"))


def readings_of(record: ProjectDocument) -> Section:
    rows = record.readings.select_related("user").order_by("-read_at")
    now = timezone.localtime()
    return Section(
        title=_("Lu par"),
        headings=(_("Personne"), _("Version"), _("Ouvert")),
        rows=[(row.user, row.number, moment(timezone.localtime(row.read_at), now)) for row in rows],
        empty=_("Personne ne l’a encore ouvert."),
    )


def links_of(record: ProjectDocument) -> Section:
    rows = ShareLink.objects.filter(version__document=record)
    now = timezone.now()
    return Section(
        title=_("Liens de partage"),
        headings=(_("Version"), _("Créé par"), _("Jusqu’au"), _("Ouvertures"), _("État")),
        rows=[_link_cells(row, now) for row in rows.select_related("version", "created_by")],
        empty=_("Aucun lien."),
    )


def _link_cells(link: ShareLink, now: Any) -> tuple[Any, ...]:
    ends = moment(timezone.localtime(link.ends_at), timezone.localtime(now))
    state = _("Ouvert") if link.is_live(now) else _("Fermé")
    return (link.version.number, link.created_by, ends, link.opens, state)
