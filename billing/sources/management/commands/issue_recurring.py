"""Bill the periods of contracts that are due, as the job of the night does."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.sources.models import RecurringInvoice
from billing.sources.queries import find_due
from billing.sources.services import recurring
from core import rls


class Command(BaseCommand):
    help = "Makes the invoices of a day, one line for each; --dry-run only says which."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["date"] or timezone.localdate()
        with rls.staff("sources: bills the contracts of every client"):
            if options["dry_run"]:
                self._foretell(on)
            else:
                self._bill(on)

    def _foretell(self, on: date) -> None:
        due = find_due(on=on)
        names = RecurringInvoice.objects.in_bulk({each.schedule_id for each in due})
        for each in due:
            period = each.period
            name = names[each.schedule_id]
            self.stdout.write(f"{name.pk} {period.start} / {period.end} {name.subject}")

    def _bill(self, on: date) -> None:
        night = recurring.bill_due(on=on, at=timezone.now())
        for run in night.billed:
            self.stdout.write(
                f"{run.schedule_id} {run.period_start} / {run.period_end} {run.invoice}"
            )
        for schedule, reason in night.failed:
            self.stdout.write(f"{schedule.pk} en panne : {reason}")
        for schedule in night.suspended:
            self.stdout.write(f"{schedule.pk} suspendu")
        if night.left:
            self.stdout.write(f"{night.left} période(s) pour la nuit prochaine")
