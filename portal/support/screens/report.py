"""What pages of figures share: their period, their words, their guard."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from core.access.row_guard import policy_of
from core.backoffice.dates import DateInput
from core.backoffice.exports import SafeExport
from portal.support.figures import Period
from portal.support.models import Ticket

DEFAULT_DAYS = 180
MOST_DAYS = 3 * 366
YEARS = range(2000, 2200)  # a day of another year is a slip of the keyboard


def check_day(day: date) -> None:
    """:raises ValidationError: if it is a day that no request is of."""
    if day.year not in YEARS:
        raise forms.ValidationError(_("Cette année n’est pas la bonne : vérifiez la date."))


class PeriodForm(forms.Form):
    """The days of a report."""

    du = forms.DateField(label=_("Du"), required=False, widget=DateInput, validators=[check_day])
    au = forms.DateField(label=_("Au"), required=False, widget=DateInput, validators=[check_day])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("du"), data.get("au")
        if start and end and start > end:
            raise forms.ValidationError(_("La fin vient avant le début."))
        if start and end and (end - start).days > MOST_DAYS:
            raise forms.ValidationError(_("Trois ans au plus."))
        return data


def period_of(start: date, end: date) -> Period:
    """Return the moments of some days, both within."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(start, time(), zone)
    return Period(start, end, first, datetime.combine(end + timedelta(days=1), time(), zone))


class FigurePage(SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of figures on tickets, for whoever may view them; its table leaves as a sheet."""

    model = Ticket
    permission = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(Ticket).user_has_permission(request.user, "view"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def period_form(self) -> PeriodForm:
        return PeriodForm(self.request.GET or None)

    @cached_property
    def period(self) -> Period:
        """Return the days asked for; the last six months when they make no sense."""
        today = timezone.localdate()
        asked = self.period_form.cleaned_data if self.period_form.is_valid() else {}
        end = asked.get("au") or today
        start = asked.get("du") or end - timedelta(days=DEFAULT_DAYS)
        return period_of(max(min(start, end), end - timedelta(days=MOST_DAYS)), end)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        period = self.period
        form = self.period_form
        if not form.is_bound or not form.is_valid():
            errors = form.errors if form.is_bound else {}
            form = PeriodForm(initial={"du": period.start, "au": period.end})
            kwargs["period_errors"] = [text for texts in errors.values() for text in texts]
        return super().get_context_data(period=period, period_form=form, **kwargs)


def spent(span: timedelta | None) -> str:
    """Write a mean time: « 3 h », « 2 h 30 », « 1 j 4 h »; a dash for none."""
    if span is None:
        return "—"
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} j {hours} h" if hours else f"{days} j"
    if hours:
        return f"{hours} h {left:02d}" if left else f"{hours} h"
    return f"{left} min"
