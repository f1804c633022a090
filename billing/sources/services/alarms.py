"""What the team is told of contracts that do not bill: once each."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.sources.models import RecurringInvoice
from billing.sources.schedule import Period
from core.accounts.models import Company
from core.notify.mail import owe_mail
from core.notify.team import TEMPLATE, tell_team


def tell_failed(schedule: RecurringInvoice, *, period: Period, at: datetime) -> None:
    """Tell who follows the client that a period could not be billed, and why."""
    digest = sha256(schedule.failure.encode()).hexdigest()[:12]
    text = _("Abonnement en panne : %(subject)s (%(client)s)")
    tell_team(
        "recurring_failed",
        client_id=schedule.client_id,
        text=text % _names(schedule),
        detail=schedule.failure,
        url=_page(schedule),
        key=f"{schedule.pk}:{period.start}:{at:%Y%m%d}:{digest}",
    )


def tell_suspended(schedule: RecurringInvoice, *, on: date) -> None:
    """Tell who follows the client that its contract stopped with the relation."""
    text = _("Abonnement suspendu : %(subject)s (%(client)s)")
    tell_team(
        "recurring_suspended",
        client_id=schedule.client_id,
        text=text % _names(schedule),
        detail=_("Le client est %(stage)s : plus rien n’est facturé jusqu’à votre reprise.")
        % {"stage": schedule.client.get_stage_display().lower()},
        url=_page(schedule),
        key=f"{schedule.pk}:{on}",
    )


def tell_left(count: int, *, on: date) -> None:
    """Tell the agency that a night had more periods to bill than it may."""
    company = Company.objects.select_related("lead").order_by("pk").first()
    if company is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = ngettext(
            "%(count)s période d’abonnement reste à facturer.",
            "%(count)s périodes d’abonnement restent à facturer.",
            count,
        )
        owe_mail(
            TEMPLATE,
            key=f"team:recurring_left:{on}",
            to=[company.lead.email if company.lead else company.email],
            context={
                "text": text % {"count": count},
                "detail": _("La limite d’une nuit est atteinte : la suite part la nuit prochaine."),
                "url": settings.BASE_URL + reverse("wagtailsnippets_sources_recurringinvoice:list"),
            },
        )


def _names(schedule: RecurringInvoice) -> dict[str, Any]:
    return {"subject": schedule.subject, "client": schedule.client.name}


def _page(schedule: RecurringInvoice) -> str:
    return reverse("wagtailsnippets_sources_recurringinvoice:inspect", args=[schedule.pk])
