"""One act that turns an accepted quote into work: its project, its milestones, its deposit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, Quote, QuoteInstalment
from billing.invoicing.models.instalments import InstalmentKind
from billing.invoicing.services.invoices import issue_invoice
from billing.invoicing.services.plans import instalments_of
from billing.invoicing.services.quotes import locked_quote
from billing.invoicing.services.refusal import Refused
from billing.quoting.models import Transformation
from billing.quoting.services.billing import bill_instalment, live_parts
from billing.quoting.signals import quote_transformed
from core.audit.log import record
from portal.projects.models import Milestone, Project
from portal.projects.services.projects import note_project
from portal.steering.models import ProjectTemplate
from portal.steering.services.templates import fill_project


class CannotTransform(Refused):
    """The quote was not accepted, or the project is another client’s."""


@dataclass(frozen=True)
class Transformed:
    """What came of a quote: its project, and its deposit invoice when the plan has one."""

    project: Project
    deposit: Invoice | None


@transaction.atomic
def transform_quote(
    *,
    quote: Quote,
    project: Project | None,
    title: str,
    on: date,
    at: datetime,
    actor: Any,
    issues_deposit: bool = False,
    template: ProjectTemplate | None = None,
) -> Transformed:
    """Create the project of an accepted quote, or take an open one, with a milestone per part.

    A template adds its plan, counted in working days from `on`.
    The deposit becomes a draft invoice, issued at once if asked. Twice gives what was made first.

    :raises CannotTransform: if the quote was not accepted, or the project is another client’s.
    :raises billing.quoting.services.billing.CannotBill: if the deposit cannot be billed.
    :raises billing.invoicing.services.issuing.CannotIssue: if it cannot be issued.
    """
    quote = locked_quote(quote)
    if quote.status != Quote.Status.ACCEPTED:
        raise CannotTransform(_("Seul un devis accepté se transforme en projet."))
    done = Transformation.objects.filter(quote=quote).select_related("project").first()
    if done is not None and done.project is not None:
        return Transformed(done.project, _deposit_of(quote))
    if project is not None and project.client_id != quote.client_id:
        raise CannotTransform(_("Ce projet est celui d’un autre client."))
    is_new = project is None
    chosen = project or _new_project(quote, title, on)
    _keep(quote, done, chosen, at=at, actor=actor)
    _add_milestones(quote, chosen)
    _fill(chosen, template, on=on, at=at, actor=actor)
    note_project(project=chosen, actor=actor, is_new=is_new, at=at)
    deposit = _bill_deposit(quote, at=at, actor=actor)
    if deposit is not None and issues_deposit:
        deposit = issue_invoice(invoice=deposit, on=on, at=at, actor=actor)
    record("quote_transformed", quote, actor=actor, project=chosen.title)
    quote_transformed.send(sender=Quote, quote=quote, project=chosen, at=at, actor=actor)
    return Transformed(chosen, deposit)


def _new_project(quote: Quote, title: str, on: date) -> Project:
    project = Project(
        client=quote.client,
        title=(title.strip() or quote.subject)[:300],
        summary=quote.intro,
        status=Project.Status.ACTIVE,
        start_date=on,
        budget=quote.total,
        currency=quote.currency,
    )
    project.save()
    return project


def _keep(
    quote: Quote, done: Transformation | None, project: Project, *, at: datetime, actor: Any
) -> None:
    quote.project = project
    quote.save(update_fields=["project", "updated_at"])
    if done is not None:  # its project is gone since
        done.project = project
        done.save(update_fields=["project"])
        return
    Transformation.objects.create(
        client_id=quote.client_id, quote=quote, project=project, done_by=actor, done_at=at
    )


def _add_milestones(quote: Quote, project: Project) -> None:
    """Put a milestone at the end of the roadmap for each part that waits for one."""
    last = project.milestones.order_by("-sort_order").values_list("sort_order", flat=True).first()
    rank = -1 if last is None else last
    for row in instalments_of(quote):
        if row.kind != InstalmentKind.MILESTONE or row.milestone_id is not None:
            continue
        rank += 1
        milestone = Milestone(
            project=project, title=row.label, due_date=row.expected_on, sort_order=rank
        )
        milestone.save()
        QuoteInstalment.objects.filter(pk=row.pk).update(milestone=milestone)


def _fill(
    project: Project, template: ProjectTemplate | None, *, on: date, at: datetime, actor: Any
) -> None:
    if template is not None:
        fill_project(project=project, template=template, start=on, actor=actor, at=at)


def _bill_deposit(quote: Quote, *, at: datetime, actor: Any) -> Invoice | None:
    """Make the draft of the deposit, unless it is there, or something else bills the quote."""
    row = quote.instalments.filter(kind=InstalmentKind.DEPOSIT).first()
    if row is None or row.amount <= 0:
        return None
    if quote.invoices.exclude(status=Invoice.Status.CANCELLED).exists():
        return _deposit_of(quote)
    return bill_instalment(instalment=row, at=at, actor=actor)


def _deposit_of(quote: Quote) -> Invoice | None:
    rows = live_parts().filter(instalment__quote=quote, instalment__kind=InstalmentKind.DEPOSIT)
    found = rows.select_related("invoice").first()
    return found.invoice if found is not None else None
