"""Archives of chosen documents: asked in a page, made by a worker, kept for a day."""

import zipfile
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.audit.log import record
from core.files.contents import safe_name
from core.files.services import owe_removal
from core.notify.team import tell_staff
from core.outbox.services import owe
from portal.documents.models import DocumentPack, ProjectDocument

PACK = "documents.pack"
KEPT_FOR = timedelta(days=1)
MOST_DOCUMENTS = 1000
MOST_BYTES = 1_000_000_000


@transaction.atomic
def ask_pack(*, documents: list[ProjectDocument], actor: Any, at: datetime) -> DocumentPack:
    """Owe an archive of the latest files of these documents to somebody of the team.

    :raises ValidationError: if there are none, too many, or too many bytes.
    """
    sizes = [row.latest.file.size for row in documents if row.latest is not None]
    if not sizes:
        raise ValidationError(_("Aucun des documents choisis n’a de fichier."))
    if len(documents) > MOST_DOCUMENTS or sum(sizes) > MOST_BYTES:
        raise ValidationError(
            _("Une archive tient mille documents et 1 Go : choisissez-en moins à la fois.")
        )
    pack = DocumentPack.objects.create(
        owner=actor, document_ids=[row.pk for row in documents], asked_at=at
    )
    record("document_pack_asked", pack, actor=actor, documents=len(documents))
    owe(PACK, key=f"{PACK}:{pack.pk}", payload={"pack_id": pack.pk})
    return pack


@transaction.atomic
def make_pack(*, pack_id: int, at: datetime) -> None:
    """Make the file of an archive and tell its owner. One that is made stays as it is."""
    pack = DocumentPack.objects.select_for_update().filter(pk=pack_id, made_at=None).first()
    if pack is None:
        return
    with TemporaryFile() as output:
        pack.packed, pack.left_out = _write(output, pack.document_ids)
        pack.size = output.tell()
        output.seek(0)
        pack.key = storages["private"].save(f"packs/{pack.pk}.zip", File(output))
    pack.made_at, pack.expires_at = at, at + KEPT_FOR
    pack.save()
    words = ngettext_lazy(
        "Archive prête : {n} document", "Archive prête : {n} documents", pack.packed
    )
    tell_staff(
        "document_pack",
        to=[pack.owner],
        text=format_lazy(words, n=pack.packed),
        detail=gettext_lazy("Elle est gardée un jour."),
        url=reverse("documents_pack", args=[pack.pk]),
        key=str(pack.pk),
        mails=False,
    )


@transaction.atomic
def remove_old_packs(*, at: datetime) -> int:
    """Remove the archives whose day is over, bytes included; return how many."""
    old = DocumentPack.objects.filter(expires_at__lte=at)
    rows = list(old.select_for_update(skip_locked=True)[:200])
    for pack in rows:
        owe_removal(pack.key)
        pack.delete()
    return len(rows)


@transaction.atomic
def note_pack_taken(*, pack: DocumentPack, actor: Any) -> None:
    """Write in the log that an archive was handed over."""
    record("document_pack_taken", pack, actor=actor, documents=pack.packed)


def _write(output: IO[bytes], ids: list[int]) -> tuple[int, list[str]]:
    """Write the files in folders by client and project; return how many, and what is left out."""
    rows = ProjectDocument.objects.filter(pk__in=ids).select_related(
        "client", "project", "latest__file"
    )
    taken: set[str] = set()
    left_out: list[str] = []
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rows.order_by("client__name", "project__title", "folder", "title", "pk"):
            file = row.latest.file if row.latest is not None else None
            if file is None or not file.is_open:
                left_out.append(row.title)
                continue
            try:
                with storages["private"].open(file.key) as stream:
                    content = stream.read()
            except FileNotFoundError:
                left_out.append(row.title)
                continue
            archive.writestr(_place(row, file.name, taken), content)
        if left_out:
            text = _("Sans fichier, ou retenus par l’antivirus :") + "\n" + "\n".join(left_out)
            archive.writestr(_("LISEZ-MOI.txt"), text)
    return len(taken), left_out


def _place(row: ProjectDocument, name: str, taken: set[str]) -> str:
    """Return where a file goes in the archive; a number parts those of one name."""
    extension = name.rpartition(".")[2] if "." in name else "bin"
    folders = [row.client.name, row.project.title, *row.folder.split("/")]
    start = "/".join(safe_name(part.replace("/", "-")) for part in folders if part)
    stem = safe_name(row.title.replace("/", "-"))
    place, number = f"{start}/{stem}.{extension}", 2
    while place in taken:
        place, number = f"{start}/{stem} ({number}).{extension}", number + 1
    taken.add(place)
    return place
