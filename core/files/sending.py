"""Sending a file before the form that joins it: announced, sent, checked, or given up."""

import uuid
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.grants import root_model
from core.files import on_disk, on_s3
from core.files.contents import ALLOWED, UnsafeContent, content_type_of, safe_name
from core.files.limits import MOST_OPEN, check_declared, check_pace, check_room
from core.files.models import StoredFile, Upload
from core.files.services import new_key, write_row

KEPT_FOR = timedelta(hours=24)
MOST_PURGED = 500
State = Upload.State


class NotArrived(Exception):
    """An upload is not whole yet. `offset` says how many bytes are here."""

    def __init__(self, offset: int):
        super().__init__(offset)
        self.offset = offset


def store_of_uploads() -> ModuleType:
    """Return the module that receives uploads: `on_s3` with a bucket, `on_disk` without."""
    return on_s3 if settings.S3_BUCKET else on_disk


@transaction.atomic
def prepare_upload(*, name: str, size: int, client_id: int, actor: Any, at: datetime) -> Upload:
    """Announce a file of `size` bytes that a person is about to send for a client.

    :raises ValidationError: with a French text, if it is of no type we keep, empty, too large,
        or if there is no room; with the code `limits.TOO_MANY` if the person sends too many.
    """
    check_declared(name, size)
    root_model().objects.select_for_update(no_key=True).get(pk=client_id)  # one at a time
    check_pace(actor, at)
    _give_up_forgotten(actor)
    check_room(client_id, size)
    kept_name = safe_name(name)
    extension = kept_name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    return Upload.objects.create(
        client_id=client_id,
        user=actor,
        name=kept_name,
        content_type=ALLOWED[extension],
        size=size,
        created_at=at,
        expires_at=at + KEPT_FOR,
    )


def _give_up_forgotten(actor: Any) -> None:
    """Free the room of the oldest uploads that a person left open, beyond the latest few.

    Their bytes go with the day’s sweep.
    """
    left_open = Upload.objects.filter(user=actor, state=State.EXPECTED).order_by(
        "-created_at", "-pk"
    )
    forgotten = list(left_open.values_list("pk", flat=True)[MOST_OPEN - 1 :])
    Upload.objects.filter(pk__in=forgotten, state=State.EXPECTED).update(state=State.CANCELLED)


def add_piece(*, upload: Upload, offset: int, piece: bytes) -> int:
    """Add a piece to an upload on disk; return how many bytes are here now.

    :raises on_disk.WrongOffset: if it does not begin where the last one ended.
    :raises ValidationError: if the upload is over, or larger than what was announced: it is
        then refused for good and its bytes are gone.
    """
    if offset + len(piece) > upload.size:
        raise refuse(upload, _("Ce fichier est plus gros qu’annoncé. Envoyez-le de nouveau."))
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state != State.EXPECTED:
            raise ValidationError(locked.refusal or _("Cet envoi est terminé."), code="over")
        locked.received = on_disk.add_piece(locked, offset, piece)
        locked.save(update_fields=["received"])
    return locked.received


def finish_upload(*, upload: Upload, actor: Any) -> Upload:
    """Check the bytes of an upload and keep them as a file. Done twice, it has one effect.

    Nothing is locked while the bytes are read: who records first wins, the other copy goes.

    :raises NotArrived: if bytes are still missing.
    :raises ValidationError: if the bytes are refused, now or before; they are gone then.
    """
    if upload.state in (State.READY, State.TAKEN):
        return upload
    if upload.state != State.EXPECTED:
        raise ValidationError(upload.refusal or _("Cet envoi a été annulé."), code="over")
    store, key = store_of_uploads(), new_key()
    _check_arrived(store, upload)
    content, mark = store.read(upload)
    content_type = _checked_type(upload, content)
    try:
        store.keep(upload, content, mark, key)
    except on_s3.SwappedMeanwhile as swapped:
        text = _("Ce fichier a changé pendant la vérification. Envoyez-le de nouveau.")
        raise refuse(upload, text) from swapped
    if not _recorded(upload, key, content, content_type, actor):
        store.discard(key)
    store.discard(upload.key)
    upload.refresh_from_db()
    return upload


def refuse(upload: Upload, reason: str) -> ValidationError:
    """Refuse an upload for good, remove its bytes, and return what to raise."""
    Upload.objects.filter(pk=upload.pk, state=State.EXPECTED).update(
        state=State.REFUSED, refusal=reason[:300]
    )
    store_of_uploads().discard(upload.key)
    return ValidationError(reason, code="refused")


def cancel_upload(*, upload: Upload) -> None:
    """Give an upload up, whole or not, unless it is joined to something already."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state not in (State.EXPECTED, State.READY):
            return
        file, locked.file, locked.state = locked.file, None, State.CANCELLED
        locked.save(update_fields=["file", "state"])
        if file is not None:
            file.delete()
    store_of_uploads().discard(upload.key)


def purge_uploads(*, at: datetime) -> int:
    """Remove uploads whose day is over, and the bytes nobody took; return how many.

    Needs the team's scope.
    """
    old = Upload.objects.filter(expires_at__lt=at).order_by("expires_at")
    tokens = list(old.values_list("pk", flat=True)[:MOST_PURGED])
    for pk in tokens:
        with transaction.atomic():
            _purge(pk)
    return len(tokens)


def _purge(pk: int) -> None:
    row = Upload.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None:
        return
    store_of_uploads().discard(row.key)
    if row.state == State.READY and row.file_id:
        StoredFile.objects.get(pk=row.file_id).delete()  # the upload goes with it
    else:
        row.delete()


def _check_arrived(store: ModuleType, upload: Upload) -> None:
    size = store.arrived(upload)
    if size < upload.size and (size == 0 or store is on_disk):
        raise NotArrived(size)
    if size != upload.size:
        text = _("Ce fichier n’a pas la taille annoncée. Envoyez-le de nouveau.")
        raise refuse(upload, text)


def _checked_type(upload: Upload, content: bytes) -> str:
    try:
        return content_type_of(content, upload.name)
    except UnsafeContent as unsafe:
        raise refuse(upload, str(unsafe)) from unsafe


@transaction.atomic
def _recorded(upload: Upload, key: str, content: bytes, content_type: str, actor: Any) -> bool:
    """Write the file of an upload, unless another request did meanwhile."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state != State.EXPECTED:
        return False
    locked.file = write_row(
        key=key,
        content=content,
        name=locked.name,
        content_type=content_type,
        client_id=locked.client_id,
        actor=actor,
        from_outside=True,
    )
    locked.state, locked.received = State.READY, len(content)
    locked.save(update_fields=["file", "state", "received"])
    return True


def take_upload(token: uuid.UUID, *, client_id: int, actor: Any) -> StoredFile:
    """Give the file of an upload to the act that joins it, once. Needs a transaction.

    :raises ValidationError: if it is not here whole, was refused, or is of somebody else.
    """
    mine = Upload.objects.select_for_update(of=("self",)).select_related("file")
    upload = mine.filter(uuid=token, client_id=client_id, user=actor).first()
    if upload is None or upload.state in (State.TAKEN, State.CANCELLED):
        text = _("Un fichier n’est plus disponible. Envoyez-le de nouveau.")
        raise ValidationError(text, code="gone")
    if upload.state == State.REFUSED:
        text = _("%(name)s : %(why)s") % {"name": upload.name, "why": upload.refusal}
        raise ValidationError(text, code="refused")
    if upload.file is None:
        text = _("« %(name)s » n’est pas encore arrivé en entier.")
        raise ValidationError(text % {"name": upload.name}, code="not_arrived")
    if upload.file.scan == StoredFile.Scan.INFECTED:
        text = _("Un virus a été trouvé dans « %(name)s » : ce fichier n’est pas joint.")
        raise ValidationError(text % {"name": upload.name}, code="infected")
    upload.state = State.TAKEN
    upload.save(update_fields=["state"])
    return upload.file
