"""What the history of a client tells of who came to its space."""

from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks

from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow

KIND = TimelineKind("connexions", _lazy("Connexions"), "user")
WORDS = ("user__first_name", "user__last_name", "user__email")


@hooks.register("nourx_client_timeline")
def sign_ins_of_client(client: Any) -> Iterator[TimelineSource]:
    """Tell which members of a client signed in, while their sessions are kept."""

    def rows(window: TimelineWindow) -> list[TimelineEntry]:
        found = UserSession.objects.filter(user__memberships__client=client, user__is_staff=False)
        return [
            TimelineEntry(
                at=row.created_at,
                text=_("Connexion de %(name)s") % {"name": row.user},
                kind=KIND.key,
            )
            for row in window.newest(found.select_related("user"), "created_at", words=WORDS)
        ]

    yield TimelineSource(kinds=(KIND,), rows=rows, permission="accounts.view_client")
