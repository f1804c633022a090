"""What follows from a file's row going away, whoever deleted it: its bytes are owed a removal."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from core.files.models import StoredFile
from core.files.services import owe_removal


@receiver(post_delete, sender=StoredFile)
def remove_the_bytes(sender: type, instance: StoredFile, **_: Any) -> None:
    owe_removal(instance.key)
