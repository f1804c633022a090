"""What runs by itself: contracts, reminders, fees, books, certification. Each runs twice."""

from billing.accounting.services import post_entries
from billing.dunning import services as dunning
from billing.fiscal import services as fiscal
from billing.fiscal.models import Certification
from billing.invoicing.services import remind_expiring
from billing.payments.services import find_lost_orders, sweep_payments, watch_failures, work_inbox
from billing.sources.services import recurring
from billing.treasury.services import fill_missing_settlements
from nourx_site.local.month.course import Month

MISSED = range(7, 12)  # business days on which nothing reminded


def night(month: Month) -> None:
    """Run every job of a day, then all of them once more: the second time finds nothing."""
    first, second = run_jobs(month), run_jobs(month)
    month.count("contrats facturés", first["contracts"])
    month.count("relances envoyées", first["reminders"])
    month.count("écritures", first["entries"])
    if any(second.values()):
        month.problems.append(f"{month.on}: jobs run twice did more: {second}")


def run_jobs(month: Month) -> dict[str, int]:
    """Run the jobs of a day once, and say how much each did."""
    contracts = recurring.bill_due(on=month.on, at=month.tick())
    month.problems += [f"contract {row}: {reason}" for row, reason in contracts.failed]
    list(remind_expiring(on=month.on, at=month.tick()))
    reminders: list = []
    if month.rank not in MISSED:
        reminders = dunning.send_reminders(on=month.on, at=month.tick())
    work_inbox(at=month.tick())
    sweep_payments(at=month.tick())
    watch_failures(at=month.tick())
    find_lost_orders(at=month.tick())
    certify(month)
    settled = fill_missing_settlements(at=month.tick())
    posted = post_entries(company=month.company, at=month.tick())
    month.problems += [f"not posted: {problem}" for problem in posted.problems]
    return {
        "contracts": len(contracts.billed),
        "reminders": len(reminders),
        "settlements": settled,
        "entries": posted.entries,
    }


def certify(month: Month) -> None:
    """Send what waits to the tax office; a person looks up what is uncertain there."""
    State = Certification.State
    waiting = Certification.objects.filter(state__in=(State.TO_CERTIFY, State.TO_RETRY))
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        at = month.tick()
        fiscal.certify(certification_id=pk, clock=lambda at=at: at)
    fiscal.sweep(at=month.tick())
    for row in Certification.objects.filter(state=State.UNCERTAIN).order_by("pk"):
        month.count("certifications incertaines, tranchées")
        kind = "refund" if row.credit_note_id else "sale"
        found = [one for one in month.fne.fne.certified(row.number) if one.kind == kind]
        if found:
            fiscal.confirm_certified(
                certification=row, rank=row.rank, reference=found[-1].reference,
                verification_url=f"http://54.247.95.108/fr/verification/{found[-1].id}",
                at=month.tick(), actor=month.actor,
            )  # fmt: skip
