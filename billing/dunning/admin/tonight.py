"""What the next run will send and hold, before it does."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from billing.dunning import services
from billing.dunning.admin.results import CHANNELS
from billing.dunning.holding_words import hold_text
from billing.dunning.previews import preview_of_case
from billing.dunning.reading import Case
from billing.invoicing.models import Invoice
from core.access.row_guard import policy_of
from core.backoffice import menu
from core.money import format_amount
from core.workdays.days import computed_holidays
from core.workdays.models import Holiday

NAME = "dunning_tonight"
MOST_SHOWN = 200
RUN_AT = 10  # of the morning


def next_run() -> date:
    """Return the day of the next run: today until its hour, tomorrow after it."""
    now = timezone.localtime()
    return now.date() if now.hour < RUN_AT else now.date() + timedelta(days=1)


class TonightView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The next run: who, which step, by which ways, what it says; who is held, and why."""

    template_name = "billing/dunning/admin/tonight.html"
    page_title = _("Prochaines relances")
    header_icon = "mail"
    permission_policy = policy_of(Invoice)
    permission_required = "view"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = next_run()
        cases = services.find_reminders(on=on, at=timezone.now())
        may_act = policy_of(Invoice).user_has_permission(self.request.user, "act")
        return super().get_context_data(
            on=on,
            to_send=[_row(case, may_act) for case in cases if case.decision.is_to_send][
                :MOST_SHOWN
            ],
            held=[_held_row(case) for case in cases if case.decision.hold][:MOST_SHOWN],
            count=sum(1 for case in cases if case.decision.is_to_send),
            closed=_closed(on),
            **kwargs,
        )


def _row(case: Case, may_act: bool) -> dict[str, Any]:
    name = "wagtailsnippets_invoicing_invoice"
    return {
        **_facts(case),
        "ways": [
            (CHANNELS.get(way, way), ", ".join(addresses)) for way, addresses in case.ways.items()
        ],
        "preview": preview_of_case(case, at=timezone.now()),
        "skip_url": reverse(f"{name}:sauter", args=[case.invoice.pk]) if may_act else "",
        "send_url": reverse(f"{name}:relancer", args=[case.invoice.pk]) if may_act else "",
    }


def _held_row(case: Case) -> dict[str, Any]:
    return {**_facts(case), "why": hold_text(case.decision)}


def _facts(case: Case) -> dict[str, Any]:
    return {
        "invoice": case.invoice,
        "url": reverse("wagtailsnippets_invoicing_invoice:inspect", args=[case.invoice.pk]),
        "step": case.step.label or case.step.key,
        "amount": format_amount(case.amount, case.invoice.currency),
    }


def _closed(on: date) -> str:
    """Name the holiday of a day, if it is one that the team did not correct."""
    row = Holiday.objects.filter(on=on).first()
    if row is not None:
        return row.name if row.is_off else ""
    return computed_holidays(on.year).get(on, "")


@hooks.register("register_admin_urls")
def tonight_address() -> list[Any]:
    return [path("relances/prochaines/", TonightView.as_view(), name=NAME)]


def _is_shown(request: HttpRequest) -> bool:
    return policy_of(Invoice).user_has_permission(request.user, "view")


menu.add_link("relances", _("Prochaines relances"), NAME, icon="mail", order=20, shown=_is_shown)
