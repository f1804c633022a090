"""Replace the key that signs receipts: after a leak of the keys, or once a year."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.proofs.services import rotate_key


class Command(BaseCommand):
    help = "Remplace la clé qui signe les reçus ; les anciens reçus restent vérifiables."

    def handle(self, *args: Any, **options: Any) -> None:
        key = rotate_key(at=timezone.now())
        self.stdout.write(f"Nouvelle clé de signature : {key.kid}")
