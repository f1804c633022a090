"""Makes the demo world, and bulk rows for measurements."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nourx_site.demo.bulk import add_bulk
from nourx_site.demo.world import DemoRefused, make_demo


class Command(BaseCommand):
    help = "Crée le monde de démonstration (et des lignes en nombre, pour mesurer)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=0, help="clients en plus")
        parser.add_argument("--invoices", type=int, default=0, help="factures en plus")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            is_new = make_demo(now)
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Démo créée." if is_new else "La démo est déjà là.")
        if options["clients"] or options["invoices"]:
            made = add_bulk(clients=options["clients"], invoices=options["invoices"], now=now)
            self.stdout.write(f"Ajouté : {made.clients} clients, {made.invoices} factures.")
