"""The daily proof: the ledger, the invoices and the providers' settlements say the same."""

import sys

from django.core.management.base import BaseCommand

from billing.payments import queries
from core import rls


class Command(BaseCommand):
    help = "Compares ledger, invoices and settlements; exits 1 and lists the rows that differ."

    def handle(self, *args, **options):
        with rls.staff("payments: the daily proof reads every row"):
            differences = queries.find_differences()
        for difference in differences:
            self.stdout.write(str(difference))
        if differences:
            sys.exit(1)
        self.stdout.write(f"Everything adds up: {len(queries.RULES)} rules hold.")
