"""Changes to clients: put away and brought back, put in segments, their health measured."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.health import health_of
from core.accounts.models import Client, ClientHealth, ClientTag
from core.audit.log import record

AT_ONCE = 500


class CannotArchive(Exception):
    """The client is not where the person saw it; `message` says so."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@transaction.atomic
def archive_client(*, client: Client, actor: Any) -> None:
    """Put a client away: out of the list, with everything it holds, and its people's access.

    :raises CannotArchive: if it is already.
    """
    row = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if row.stage == Client.Stage.ARCHIVED:
        raise CannotArchive(_("Ce client est déjà archivé."))
    row.archived_from, row.stage = row.stage, Client.Stage.ARCHIVED
    row.version += 1
    row.save(update_fields=["archived_from", "stage", "version", "search_norm", "updated_at"])
    record("client_archived", row, actor=actor, stage=row.archived_from)


@transaction.atomic
def restore_client(*, client: Client, actor: Any) -> None:
    """Bring a client back to where it was before it was put away.

    :raises CannotArchive: if it is not archived.
    """
    row = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if row.stage != Client.Stage.ARCHIVED:
        raise CannotArchive(_("Ce client n’est pas archivé."))
    row.stage = row.archived_from or Client.Stage.WON
    row.archived_from = ""
    row.version += 1
    row.save(update_fields=["archived_from", "stage", "version", "search_norm", "updated_at"])
    record("client_restored", row, actor=actor, stage=row.stage)


@transaction.atomic
def tag_client(*, client: Client, tag: ClientTag, actor: Any) -> bool:
    """Put a client in a segment. Tell whether it was not there yet."""
    links = Client.tags.through.objects
    _link, is_new = links.get_or_create(client_id=client.pk, clienttag_id=tag.pk)
    if is_new:
        record("client_tagged", client, actor=actor, tag=tag.name)
    return is_new


@transaction.atomic
def untag_client(*, client: Client, tag: ClientTag, actor: Any) -> bool:
    """Take a client out of a segment. Tell whether it was there."""
    links = Client.tags.through.objects.filter(client_id=client.pk, clienttag_id=tag.pk)
    removed, _rows = links.delete()
    if removed:
        record("client_untagged", client, actor=actor, tag=tag.name)
    return bool(removed)


def measure_health(*, on: date, at: datetime) -> int:
    """Measure the health of every client that is won, some hundreds at once. Return how many.

    May run twice, and may be stopped: what is written is what was measured last.
    """
    measured, last = 0, 0
    while True:
        rows = Client.objects.filter(stage=Client.Stage.WON, pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            break
        keep_health(keys, on=on, at=at)
        measured += len(keys)
        last = keys[-1]
    ClientHealth.objects.exclude(client__stage=Client.Stage.WON).delete()
    return measured


def keep_health(client_ids: list[int], *, on: date, at: datetime) -> None:
    """Measure some clients and keep it."""
    rows = [
        ClientHealth(
            client_id=key,
            score=health.score,
            reason=str(health.signs[0].text)[:200]
            if health.signs and health.signs[0].points < 0
            else "",
            measured_at=at,
        )
        for key, health in health_of(client_ids, on=on).items()
    ]
    ClientHealth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["client"],
        update_fields=["score", "reason", "measured_at"],
    )
