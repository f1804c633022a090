"""What files announce; and what follows from a row going away: its bytes are owed a removal."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import Signal, receiver

from core.files.models import StoredFile
from core.files.services import owe_removal

file_infected = Signal()  # file, at: the antivirus put a file in quarantine; in its transaction


@receiver(post_delete, sender=StoredFile)
def remove_the_bytes(sender: type, instance: StoredFile, **_: Any) -> None:
    owe_removal(instance.key)
