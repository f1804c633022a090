"""Remind of invoices that fall due or are late, as the job of the morning does."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.dunning import services
from billing.dunning.holding_words import hold_text
from core import rls


class Command(BaseCommand):
    help = "Sends the reminders of a day, one line for each; --dry-run only prints them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        on, at = options["date"] or timezone.localdate(), timezone.now()
        with rls.staff("dunning: reads the unpaid invoices of every client"):
            if options["dry_run"]:
                cases = services.find_reminders(on=on, at=at)
            else:
                cases = services.send_reminders(on=on, at=at)
        for case in cases:
            held = hold_text(case.decision)
            self.stdout.write(f"{case} # retenue : {held}" if held else str(case))
