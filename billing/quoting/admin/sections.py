"""What is billed and what is left, under a quote and under a project in the back-office."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from billing.invoicing.models import Quote
from billing.quoting import queries
from billing.quoting.models import BilledPart, Transformation
from core.hooks import Section
from core.money import format_amount, format_percent
from core.ui.formats import date_long
from portal.projects.models import Milestone, Project


def plan_section(quote: Quote) -> Section:
    """Return the plan of a quote: each part, its invoice, and what is billed and left."""
    rows = [_plan_row(part, quote) for part in queries.standing_of(quote)]
    title: Any = _("Échéancier de facturation")
    if quote.status == Quote.Status.ACCEPTED:
        sums = queries.billed_of(quote)
        title = _("Échéancier · facturé %(billed)s · reste %(left)s") % {
            "billed": format_amount(sums.billed, quote.currency),
            "left": format_amount(sums.left, quote.currency),
        }
    return Section(
        title=title,
        headings=(_("Échéance"), _("Part"), _("Prévue"), _("Montant TTC"), _("État"), _("Facture")),
        rows=rows,
        empty=_("Aucun échéancier : le devis se facture en une fois."),
        links=_links(quote),
        order=25,
    )


def milestones_section(project: Project) -> Section | None:
    """Return which milestones of a project are billed, or to be billed, with the way to do it."""
    parts = BilledPart.objects.filter(queries.LIVE, milestone__project=project)
    invoices = {part.milestone_id: part.invoice for part in parts.select_related("invoice")}
    due = {
        row.milestone_id: row
        for row in queries.due_instalments().filter(milestone__project=project)
    }
    rows = []
    for milestone in Milestone.objects.filter(project=project.pk).order_by("sort_order", "pk"):
        invoice, instalment = invoices.get(milestone.pk), due.get(milestone.pk)
        if invoice is not None:
            rows.append((milestone.title, _("Facturé"), _invoice_link(invoice)))
        elif instalment is not None:
            rows.append((milestone.title, _("À facturer"), _bill_link(instalment)))
    if not rows:
        return None
    return Section(
        title=_("Facturation des jalons"),
        headings=(_("Jalon"), _("État"), _("Facture")),
        rows=rows,
        order=15,
        tab="argent",
    )


def _plan_row(part: queries.PartStanding, quote: Quote) -> tuple[Any, ...]:
    row = part.instalment
    page: Any = ""
    if part.invoice is not None:
        page = _invoice_link(part.invoice)
    elif part.is_due:
        page = _bill_link(row)
    return (
        row.label,
        format_percent(row.percent) if row.percent is not None else _("le reste"),
        date_long(row.expected_on) if row.expected_on else row.get_kind_display(),
        format_html('<span class="nx-number">{}</span>', format_amount(row.amount, quote.currency)),
        part.word,
        page,
    )


def _links(quote: Quote) -> list[tuple[Any, str]]:
    done = Transformation.objects.filter(quote=quote).select_related("project").first()
    if done is None or done.project is None:
        return []
    url = reverse("wagtailsnippets_projects_project:inspect", args=[done.project.pk])
    return [(_("Projet « %(title)s »") % {"title": done.project.title}, url)]


def _invoice_link(invoice: Any) -> Any:
    url = reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk])
    return format_html('<a href="{}">{}</a>', url, invoice)


def _bill_link(instalment: Any) -> Any:
    url = reverse("wagtailsnippets_invoicing_quote:echeance", args=[instalment.quote_id])
    return format_html(
        '<a href="{}?echeance={}">{}</a>', url, instalment.pk, _("Préparer la facture")
    )
