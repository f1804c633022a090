"""What the mail that comes in adds elsewhere: its screens, its alerts, the address of answers."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.access.policies import OwnerPolicy, ReadOnlyPolicy
from core.audit.log import declare
from core.hooks import Alert, Alerts, Section
from core.notify.models import UndeliverableAddress
from core.notify.staff_events import declare_staff_event
from portal.inbox.models import IncomingMail, Mailbox

register_permission_policy(IncomingMail, ReadOnlyPolicy(IncomingMail))
register_permission_policy(Mailbox, OwnerPolicy(Mailbox))
declare(
    mail_bounced=_("E-mail revenu : adresse en échec"),
    mail_taken_in=_("Courrier entrant : mis dans un ticket"),
    mail_refused=_("Courrier entrant : refusé"),
    mail_treated_again=_("Courrier entrant : traité de nouveau"),
    mailbox_secret_changed=_("Boîte aux lettres : secret changé"),
)
declare_staff_event("mail_waiting", label=_("Un courrier reçu est à regarder"), group=_("Support"))

from portal.inbox import screens  # noqa: E402  register their parts

WAITING = (IncomingMail.State.UNKNOWN, IncomingMail.State.HELD, IncomingMail.State.FAILED)
KEY = "inbox:reply"
NEWS = timedelta(days=7)


@hooks.register("nourx_reply_mailbox")
def address_of_answers() -> list[str]:
    """Give the address of the first mailbox that is read; asked for each mail, so kept a minute."""
    try:
        kept = cache.get(KEY)
    except RedisError:
        kept = None
    if kept is None:
        box = Mailbox.objects.filter(is_on=True).exclude(sealed="").order_by("pk").first()
        kept = box.address if box else ""
        try:
            cache.set(KEY, kept, 60)
        except RedisError:
            return [kept] if kept else []
    return [kept] if kept else []


@hooks.register("nourx_team_alerts")
def waiting_mail(request: HttpRequest) -> Iterator[Alerts]:
    if not request.user.has_perm("inbox.view_incomingmail"):
        return
    rows = IncomingMail.objects.filter(state__in=WAITING)

    def newest(most: int) -> Sequence[Alert]:
        return [_alert(mail) for mail in rows.order_by("-received_at", "-pk")[:most]]

    yield Alerts(
        kind="mail-waiting",
        label=_("Courrier à regarder"),
        url=reverse("wagtailsnippets_inbox_incomingmail:list") + "?a_regarder=true",
        rows=newest,
        total=rows,
        order=45,
    )


@hooks.register("nourx_team_alerts")
def bounced_mail(request: HttpRequest) -> Iterator[Alerts]:
    if not request.user.has_perm("inbox.view_incomingmail"):
        return
    since = timezone.now() - NEWS
    rows = UndeliverableAddress.objects.filter(last_at__gte=since)
    url = reverse("wagtailsnippets_inbox_incomingmail:list") + "?state=bounce"

    def newest(most: int) -> Sequence[Alert]:
        return [
            Alert(
                key=f"address-dead:{one.pk}:{one.bounces}",
                group="support",
                title=one.email,
                detail=one.reason,
                url=url,
                weight=40,
                since=timezone.localtime(one.last_at).date(),
            )
            for one in rows.order_by("-last_at", "-pk")[:most]
        ]

    yield Alerts(
        kind="address-dead",
        label=_("Adresses qui ne reçoivent plus"),
        url=url,
        rows=newest,
        total=rows,
        order=70,
    )


def _alert(mail: IncomingMail) -> Alert:
    return Alert(
        key=f"mail-waiting:{mail.pk}",
        group="support",
        title=mail.subject or _("Sans objet"),
        detail=f"{mail.sender} · {mail.reason}",
        url=reverse("wagtailsnippets_inbox_incomingmail:inspect", args=[mail.pk]),
        weight=55,
        since=timezone.localtime(mail.received_at).date(),
        client_id=mail.client_id,
    )


@hooks.register("nourx_client_sections")
def undeliverable_of_client(client: object) -> list[Section]:
    return screens.undeliverable_section(client)
