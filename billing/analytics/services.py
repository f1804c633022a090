"""Note what analysis counts and nothing else keeps."""

from datetime import datetime

from django.utils import timezone

from billing.analytics.models import ClientVisit
from core import rls
from core.accounts.models import Membership


def note_visit(*, user_id: int, at: datetime) -> None:
    """Note that somebody was signed in this month, for each client they act for.

    Once per client and month, whoever else came; two people at once leave one row.
    """
    month = timezone.localdate(at).replace(day=1)
    with rls.staff("analytics: a visit counts for each client of a person"):
        clients = Membership.objects.filter(user_id=user_id).values_list("client_id", flat=True)
        rows = [ClientVisit(client_id=client, month=month, first_at=at) for client in clients]
        if rows:
            ClientVisit.objects.bulk_create(rows, ignore_conflicts=True)
