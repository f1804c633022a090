"""Ask providers about the payments whose time has come, and read what they told us."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.payments import services


class Command(BaseCommand):
    help = "Checks pending payments at the provider, and works through its notifications."

    def handle(self, *args, **options):
        told = services.work_inbox(at=timezone.now())
        asked = services.sweep_payments(at=timezone.now())
        self.stdout.write(f"{told} notification(s) read, {asked} payment(s) checked.")
