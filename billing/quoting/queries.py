"""Where the billing of quotes and milestones stands: which parts are out, which are to bill."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice, Quote, QuoteInstalment
from billing.invoicing.models.instalments import InstalmentKind
from billing.invoicing.services.plans import instalments_of
from billing.quoting.models import BilledPart
from portal.projects.models import Milestone, Project

LIVE = Q(released_at=None) & ~Q(invoice__status=Invoice.Status.CANCELLED)
WAITING, TO_BILL, DRAFT, BILLED = (
    _("À venir"),
    _("À facturer"),
    _("Brouillon"),
    _("Facturé"),
)


@dataclass(frozen=True)
class PartStanding:
    """A part of a plan, the live invoice it stands on, and whether it is to be billed now."""

    instalment: QuoteInstalment
    invoice: Invoice | None
    is_due: bool

    @property
    def word(self) -> Any:
        """Say where the part stands, for the team."""
        if self.invoice is None:
            return TO_BILL if self.is_due else WAITING
        return DRAFT if self.invoice.status == Invoice.Status.DRAFT else BILLED


@dataclass(frozen=True)
class Billed:
    """How much of an accepted quote is on issued invoices, and how much is left, TTC."""

    billed: int
    left: int


def standing_of(quote: Quote) -> list[PartStanding]:
    """Return the parts of the plan of a quote, each with its invoice."""
    rows = instalments_of(quote)
    parts = BilledPart.objects.filter(LIVE, instalment__quote=quote).select_related("invoice")
    invoices = {part.instalment_id: part.invoice for part in parts}
    due = set(due_instalments().filter(quote=quote).values_list("pk", flat=True))
    whole = quote.invoices.exclude(status=Invoice.Status.CANCELLED).exclude(
        kind=Invoice.Kind.DEPOSIT
    )
    cover = whole.first()  # made of the whole quote, it bills what no part of the plan did
    return [PartStanding(row, invoices.get(row.pk, cover), row.pk in due) for row in rows]


def due_instalments() -> QuerySet[QuoteInstalment]:
    """Return the parts to be billed now: deposits agreed to, milestones done, balances at the end.

    A balance is due once everything else of its plan is billed and its project delivered, or all
    milestones of the plan done. A quote with a whole or final invoice has no part left.
    """
    live = BilledPart.objects.filter(LIVE, instalment=OuterRef("pk"))
    whole = Invoice.objects.filter(quote=OuterRef("quote")).exclude(
        Q(status=Invoice.Status.CANCELLED) | Q(kind=Invoice.Kind.DEPOSIT)
    )
    agreed = QuoteInstalment.objects.filter(quote__status=Quote.Status.ACCEPTED, amount__gt=0)
    open_parts = agreed.filter(~Exists(live), ~Exists(whole))
    return open_parts.filter(_is_reached())


def _is_reached() -> Q:
    """Tell what makes a part due, by its kind."""
    siblings = QuoteInstalment.objects.filter(quote=OuterRef("quote")).exclude(pk=OuterRef("pk"))
    out = BilledPart.objects.filter(
        LIVE, instalment=OuterRef("pk"), invoice__status=Invoice.Status.ISSUED
    )
    waiting = siblings.filter(~Exists(out), amount__gt=0)
    undone = siblings.filter(kind=InstalmentKind.MILESTONE).exclude(
        milestone__status=Milestone.Status.DONE
    )
    has_milestone = siblings.filter(kind=InstalmentKind.MILESTONE)
    delivered = Q(quote__project__status__in=(Project.Status.DELIVERED, Project.Status.ARCHIVED))
    at_the_end = delivered | (Q(Exists(has_milestone)) & ~Q(Exists(undone)))
    return (
        Q(kind=InstalmentKind.DEPOSIT)
        | Q(kind=InstalmentKind.MILESTONE, milestone__status=Milestone.Status.DONE)
        | (Q(kind=InstalmentKind.BALANCE) & ~Q(Exists(waiting)) & at_the_end)
    )


def billed_of(quote: Quote) -> Billed:
    """Add up what issued invoices ask of an accepted quote; a final one keeps but the rest."""
    issued = quote.invoices.filter(status=Invoice.Status.ISSUED)
    sums = issued.aggregate(asked=Sum("total"), credited=Sum("amount_credited"))
    billed = (sums["asked"] or 0) - (sums["credited"] or 0)
    return Billed(billed=billed, left=max(quote.total - billed, 0))


def billable_milestones(project: Project) -> QuerySet[Milestone]:
    """Return the milestones of a project that no quote and no live invoice bills."""
    live = BilledPart.objects.filter(LIVE, milestone=OuterRef("pk"))
    planned = QuoteInstalment.objects.filter(milestone=OuterRef("pk"))
    rows = Milestone.objects.filter(~Exists(live), ~Exists(planned), project=project.pk)
    return rows.order_by("sort_order", "pk")
