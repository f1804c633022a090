"""Who may change what was said with a client: whoever noted it, and owners."""

from typing import Any

from django.db.models import Model

from core.access.policies import KeptRecordPolicy


class ExchangePolicy(KeptRecordPolicy):
    """An exchange is edited by its author; it leaves by « Retirer », which takes its files too."""

    def refuses(self, action: str, record: Model) -> bool:
        return (action == "delete" and record.pk is not None) or super().refuses(action, record)

    def allows(self, user: Any, action: str, record: Model) -> bool:
        if action == "change" and record.pk is not None and not is_its_author(user, record):
            return False
        return super().allows(user, action, record)


def is_its_author(user: Any, record: Any) -> bool:
    """Tell whether a person noted an exchange, or owns the back-office."""
    return user.is_superuser or record.author_id in (None, user.pk)
