"""Telling the team, by mail, that something happened on a client's side."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from core import hooks
from core.notify.mail import owe_mail

TEMPLATE = "notify/team"


def tell_team(
    event: str,
    *,
    client_id: int,
    text: Any,
    url: str,
    key: str,
    to: list[str] | None = None,
    detail: Any = "",
    attachment_ids: Sequence[int] = (),
) -> None:
    """Owe the team one mail about an act of a client, in the transaction of the act.

    `to` are the addresses; None means whoever the team has follow this client. `text` is a
    sentence that names the client, `detail` a few words of what was written, `url` the path of
    the page in the back-office. A second call for the same event and key sends nothing again.
    """
    addresses = hooks.team_addresses(client_id) if to is None else to
    with translation.override(settings.LANGUAGE_CODE):
        owe_mail(
            TEMPLATE,
            key=f"team:{event}:{key}",
            to=addresses,
            client_id=client_id,
            attachment_ids=list(attachment_ids),
            context={"text": str(text), "detail": str(detail), "url": settings.BASE_URL + url},
        )
