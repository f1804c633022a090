"""How the house looks: its logos and its colour, checked, and taken back to ours."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image as Picture
from wagtail.images import get_image_model

from core.accounts.models import Company
from core.audit.log import record
from core.files.contents import UnsafeContent, content_type_of, safe_name
from core.ui.branding import accent_tokens
from core.ui.formats import file_size

MOST_BYTES = 1_000_000
SMALLEST, LARGEST = 24, 4000  # pixels of a side
KINDS = ("png", "jpg", "jpeg", "webp")
OURS = "#1d3fff"


def check_logo(upload: UploadedFile) -> bytes:
    """Return the bytes of a logo.

    :raises ValidationError: with a French text, if it is no picture, too heavy or too small.
    """
    name = upload.name or ""
    if name.rpartition(".")[2].lower() not in KINDS:
        raise ValidationError(_("Un logo est une image PNG, JPEG ou WebP."))
    if (upload.size or 0) > MOST_BYTES:
        said = {"size": file_size(upload.size or 0), "most": file_size(MOST_BYTES)}
        raise ValidationError(_("Ce logo fait %(size)s ; la limite est de %(most)s.") % said)
    content = upload.read()
    try:
        content_type_of(content, name)
    except UnsafeContent as refusal:
        raise ValidationError(str(refusal)) from refusal
    with Picture.open(io.BytesIO(content)) as picture:
        sides = picture.size
    if min(sides) < SMALLEST or max(sides) > LARGEST:
        text = _("Ce logo fait %(width)s × %(height)s pixels ; il en faut de 24 à 4000 par côté.")
        raise ValidationError(text % {"width": sides[0], "height": sides[1]})
    return content


@transaction.atomic
def save_look(
    *,
    company: Company,
    accent: str,
    logo: UploadedFile | None,
    logo_dark: UploadedFile | None,
    actor: Any,
) -> Company:
    """Give the house a colour and logos; a logo left out stays as it was.

    :raises ValidationError: with a French text, if a logo cannot be taken.
    :raises ValueError: if the colour is not written « #1d3fff ».
    """
    accent_tokens(accent)
    locked = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    before = locked.accent_color
    locked.accent_color = accent.lower()
    for name, upload in (("logo", logo), ("logo_dark", logo_dark)):
        if upload is not None:
            setattr(locked, name, _kept(upload, locked, actor))
    locked.version += 1
    locked.save()
    record("look_changed", locked, actor=actor, changes={"accent_color": [before, accent]})
    return locked


@transaction.atomic
def reset_look(*, company: Company, actor: Any) -> Company:
    """Take the house back to our colour, without logos. The pictures stay in the library."""
    locked = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    locked.accent_color, locked.logo, locked.logo_dark = OURS, None, None
    locked.version += 1
    locked.save()
    record("look_reset", locked, actor=actor)
    return locked


def _kept(upload: UploadedFile, company: Company, actor: Any) -> Any:
    content = check_logo(upload)
    return get_image_model().objects.create(
        title=f"Logo {company.name}"[:250],
        file=ImageFile(io.BytesIO(content), name=safe_name(upload.name or "logo.png")),
        uploaded_by_user=actor,
    )
