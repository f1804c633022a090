"""Checks a FEC file strictly, and tells what is wrong with it."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from billing.accounting.fec_check import check_fec, decode_fec
from billing.accounting.management.days import day


class Command(BaseCommand):
    help = "Checks a FEC file strictly; exits 1 and lists what is wrong when something is."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--start", type=day, help="first day of the fiscal year")
        parser.add_argument("--end", type=day, help="last day of the fiscal year")

    def handle(self, *args, **options):
        try:
            with options["file"].open("rb") as lines:
                report = check_fec(decode_fec(lines), start=options["start"], end=options["end"])
        except OSError as trouble:
            raise CommandError(f"Cannot read {options['file']}: {trouble.strerror}") from trouble
        for finding in report.findings:
            self.stdout.write(str(finding))
        told = f"{report.entries} entries, {report.lines} lines, debit {report.debit}"
        if not report.is_good:
            self.stdout.write(f"Not good: {report.errors} errors ({told}).")
            sys.exit(1)
        self.stdout.write(f"Good: {told}, credit {report.credit}, {report.warnings} warnings.")
