"""The tables under a contract: its lines, its next dates, what it billed, its pauses."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.sources.models import RecurringInvoice, RecurringRun
from billing.sources.queries import net_of_period, next_periods
from core.backoffice.pages import readable
from core.hooks import Section
from core.money import format_amount, format_percent, format_price
from core.ui.formats import date_long

MOST_RUNS = 60


def lines_section(schedule: RecurringInvoice) -> Section:
    """Return the lines of a contract with the days they hold."""
    rows = [
        (
            line.label,
            readable(line.quantity.normalize()),
            format_price(line.unit_price, schedule.currency),
            format_percent(line.vat_rate),
            readable(line.valid_from),
            readable(line.valid_until),
        )
        for line in schedule.lines.all()
    ]
    return Section(
        title=_("Lignes"),
        headings=(
            _("Désignation"),
            _("Quantité"),
            _("Prix unitaire HT"),
            _("TVA"),
            _("À partir du"),
            _("Jusqu’au"),
        ),
        rows=rows,
        order=10,
    )


def coming_section(schedule: RecurringInvoice) -> Section:
    """Return the next twelve dates, and what each will bill before VAT."""
    today = timezone.localdate()
    rows = []
    for period in next_periods(schedule):
        amount = format_amount(net_of_period(schedule, period.start), schedule.currency)
        late = _(" (en retard)") if period.bill_on < today else ""
        rows.append(
            (
                date_long(period.bill_on) + late,
                date_long(period.start),
                date_long(period.end),
                amount,
            )
        )
    return Section(
        title=_("Prochaines dates"),
        headings=(_("Facture du"), _("Début"), _("Fin"), _("Montant HT")),
        rows=rows,
        empty=_("Cet abonnement est terminé."),
        order=20,
    )


def runs_section(schedule: RecurringInvoice) -> Section:
    """Return what was billed or passed over, newest first."""
    runs = RecurringRun.objects.filter(schedule=schedule).select_related("invoice", "actor")
    rows = [
        (
            date_long(run.period_start),
            date_long(run.period_end),
            _outcome(run),
            format_amount(run.invoice.total, run.invoice.currency) if run.invoice else "—",
            run.actor or _("La nuit"),
            readable(run.made_at),
        )
        for run in runs.defer("invoice__search_vector").order_by("-period_start")[:MOST_RUNS]
    ]
    return Section(
        title=_("Historique"),
        headings=(_("Début"), _("Fin"), _("Facture"), _("Total TTC"), _("Par"), _("Le")),
        rows=rows,
        empty=_("Rien n’est encore facturé."),
        order=30,
    )


def pauses_section(schedule: RecurringInvoice) -> Section:
    """Return when and why a contract was paused."""
    pauses = schedule.pauses.select_related("actor").order_by("-starts_on", "-pk")
    rows = [
        (
            date_long(pause.starts_on),
            date_long(pause.ends_on) if pause.ends_on else _("en cours"),
            pause.reason,
            pause.actor or _("La nuit"),
        )
        for pause in pauses
    ]
    headings = (_("Du"), _("Au"), _("Motif"), _("Par"))
    return Section(
        title=_("Suspensions"), headings=headings, rows=rows, empty=_("Aucune."), order=40
    )


def contract_of_invoice(invoice: Invoice) -> list[Section]:
    """Return the contract and the period that an invoice bills, if it came from one."""
    run = RecurringRun.objects.select_related("schedule").filter(invoice=invoice).first()
    if run is None:
        return []
    row = (
        contract_link(run.schedule),
        date_long(run.period_start),
        date_long(run.period_end),
    )
    headings = (_("Abonnement"), _("Du"), _("Au"))
    return [Section(title=_("Période facturée"), headings=headings, rows=[row], order=15)]


def contract_link(schedule: RecurringInvoice) -> SafeString:
    """Return a link to the page of a contract."""
    url = reverse("wagtailsnippets_sources_recurringinvoice:inspect", args=[schedule.pk])
    return format_html('<a href="{}">{}</a>', url, schedule.subject)


def _outcome(run: RecurringRun) -> SafeString | Any:
    if run.invoice is not None:
        url = reverse("wagtailsnippets_invoicing_invoice:inspect", args=[run.invoice.pk])
        text = str(run.invoice)
        if run.invoice.status == Invoice.Status.CANCELLED:
            text = _("%(invoice)s (annulée)") % {"invoice": text}
        return format_html('<a href="{}">{}</a>', url, text)
    if run.is_skipped:
        return _("Non facturée : %(reason)s") % {"reason": run.reason}
    return _("Brouillon supprimé")
