"""The copy of what we hold on a person: made by a worker, kept for some days, then removed."""

import json
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import hooks, rls
from core.accounts.models import DataExport, User
from core.audit.log import record
from core.files.services import owe_removal
from core.notify.mail import owe_mail
from core.outbox.services import owe

DATA_EXPORT = "personal_data_export"
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def ask_export(*, user: User, at: datetime) -> DataExport:
    """Owe a person the copy of what we hold on them; the one under way when there is one."""
    User.objects.select_for_update().get(pk=user.pk)
    waiting = DataExport.objects.filter(user_id=user.pk, made_at=None).first()
    if waiting is not None:
        return waiting
    export = DataExport.objects.create(user_id=user.pk, asked_at=at)
    record("data_export_asked", export, actor=user)
    owe(DATA_EXPORT, key=f"data-export:{export.pk}", payload={"export_id": export.pk})
    return export


@transaction.atomic
def make_export(*, export_id: int, at: datetime) -> None:
    """Make the file of a copy and tell its owner. One that is made stays as it is."""
    export = DataExport.objects.select_for_update().select_related("user").get(pk=export_id)
    if export.made_at is not None:
        return
    content = _zipped(export.user, at)
    export.key = storages["private"].save(f"exports/{export.pk}.zip", ContentFile(content))
    export.size, export.made_at, export.expires_at = len(content), at, at + KEPT_FOR
    export.save()
    with override(export.user.language):
        owe_mail(
            "account/data_export",
            key=f"data-export:{export.pk}",
            to=[export.user.email],
            context={
                "name": export.user.first_name,
                "days": KEPT_FOR.days,
                "url": f"{settings.BASE_URL}/client/profil/#donnees",
            },
        )


def record_download(*, export: DataExport, actor: User) -> None:
    """Write down that a copy was taken."""
    record("data_export_downloaded", export, actor=actor)


@transaction.atomic
def remove_old_exports(*, at: datetime) -> int:
    """Remove the copies whose days are over, bytes included; return how many."""
    old = DataExport.objects.filter(expires_at__lte=at).exclude(key="")
    rows = list(old.select_for_update(skip_locked=True)[:200])
    for export in rows:
        _remove_bytes(export)
    return len(rows)


def remove_exports_of(user: User) -> None:
    """Remove every copy of a person."""
    for export in DataExport.objects.filter(user=user):
        _remove_bytes(export)
        export.delete()


def _remove_bytes(export: DataExport) -> None:
    if export.key:
        owe_removal(export.key)
        export.key = ""
        export.save(update_fields=["key"])


def _zipped(user: User, at: datetime) -> bytes:
    with rls.staff("a person’s own data, wherever they wrote it"):
        parts = hooks.personal_data(user)
    whole = {part.name: list(part.rows) for part in parts}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_("LISEZ-MOI.txt"), _about(user, at))
        archive.writestr("donnees.json", _json(whole))
        for part in parts:
            archive.writestr(f"{slugify(part.name)}.json", _json(list(part.rows)))
    return packed.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _about(user: User, at: datetime) -> str:
    lines = [
        _("Ce que nous gardons au sujet de %(email)s, le %(day)s.")
        % {"email": user.email, "day": f"{at:%d/%m/%Y}"},
        _("donnees.json contient tout ; chaque autre fichier, un sujet."),
        _("Les factures et les documents se téléchargent dans votre espace."),
    ]
    return "\n".join(lines) + "\n"
