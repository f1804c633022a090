"""The count beside the bell, and the latest notices on the client’s home page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.grants import grants_of
from core.access.roles import Grant
from core.audit import log
from core.hooks import ClientPanel
from core.notify import personal_data, queries  # noqa: F401
from core.notify.events import declare_event
from core.notify.rules.sending import EVENT as RULE_TOLD
from core.notify.staff_events import declare_staff_event
from core.notify.unread import Summary, summary_of
from core.once import once

log.declare(
    notification_wishes_changed=_("Choix de notifications modifiés"),
    notification_mail_switched=_("E-mails d’un événement arrêtés ou repris"),
    push_device_added=_("Appareil notifié ajouté"),
    push_device_removed=_("Appareil notifié retiré"),
    text_sent_by_hand=_("Message WhatsApp envoyé à la main"),
    rule_switched_on=_("Règle de notification activée"),
    rule_stopped=_("Règle de notification arrêtée"),
    rule_let_send=_("Envois d’une règle autorisés"),
    message_restored=_("Modèle de message : version rétablie"),
)
declare_event(
    RULE_TOLD, label=_("Rappels et nouvelles choisis par notre équipe"), group=_("Rappels")
)
declare_staff_event(RULE_TOLD, label=_("Une règle de notification m’écrit"), group=_("Règles"))
declare_staff_event(
    "rule_asked", label=_("Une règle attend mon accord pour ses envois"), group=_("Règles")
)


@hooks.register("nourx_unread_notices")
def count_unread(request: HttpRequest) -> list[int]:
    return [_summary(request)[0]] if request.user.is_authenticated else []


def _summary(request: HttpRequest) -> Summary:
    """Return the unread count and the newest notices, which a page may show three times."""
    return once(request, "notices", lambda: summary_of(request.user))


@hooks.register("nourx_client_panels")
def latest_notices_panel(request: HttpRequest) -> Iterator[ClientPanel]:
    if not grants_of(request.user).clients_with(Grant.ENTER):
        return
    unread, latest = _summary(request)
    notices = [queries.shown(row) for row in latest]
    if notices:
        yield ClientPanel(
            template="core/notify/panels/latest.html",
            order=15,
            area="aside",
            context={"notices": notices, "unread": unread},
        )
