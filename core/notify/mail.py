"""Owing mail: rendered now, in the transaction of the act; delivered after it, exactly once."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from core import rls
from core.notify.models import OutgoingMail
from core.notify.wordings import own_words
from core.outbox.services import owe

TOPIC = "mail"


def owe_mail(
    template: str,
    *,
    key: str,
    to: list[str],
    context: dict[str, Any],
    client_id: int | None = None,
    attachment_ids: list[int] | None = None,
) -> OutgoingMail | None:
    """Owe one mail under a unique key, made of `templates/mail/<template>.{subject.txt,txt,html}`.

    The team's own words replace the template when it wrote some (core.notify.wordings).
    `attachment_ids` are ids of stored files. Returns None when nobody is to receive it or when
    the key is owed already. The worker sends it after the commit, with the key as Message-ID.
    """
    recipients = [address for address in dict.fromkeys(to) if address]
    if not recipients:
        return None
    subject, text, html = _rendered(template, {"base_url": settings.BASE_URL, **context})
    with rls.staff("notify: the mail table is the team's, whoever acts"):
        mail, is_new = OutgoingMail.objects.get_or_create(
            key=key,
            defaults={
                "template": template,
                "client_id": client_id,
                "recipients": recipients,
                "subject": subject[:300],
                "text": text,
                "html": html,
                "attachment_ids": attachment_ids or [],
            },
        )
    if not is_new:
        return None
    owe(TOPIC, key=f"mail:{key}", payload={"mail_id": mail.pk}, client_id=None)
    return mail


def _rendered(template: str, page: dict[str, Any]) -> tuple[str, str, str]:
    """Return the subject, the text and the HTML of a mail."""
    words = own_words(template, page)
    if words is None:
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", page).split())
    else:
        subject, template, page = words.subject, "own_words", {**page, "words": words}
    text = render_to_string(f"mail/{template}.txt", page)
    return subject, text, render_to_string(f"mail/{template}.html", page)
