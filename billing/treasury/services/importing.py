"""Taking a statement in: whole or not at all, each movement once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.payments.models import MoneyAccount
from billing.payments.services.refusal import Refusal
from billing.treasury.models import StatementFile, StatementLine
from billing.treasury.statement_files import (
    ReadLine,
    ReadStatement,
    UnreadableStatement,
    read_statement,
)
from core.accounts.models import User
from core.audit.log import record
from core.ui.formats import date_long


class CannotImport(Refusal):
    """The file is not taken; nothing of it was kept."""


@dataclass(frozen=True)
class Imported:
    """What came of a file: its row, how many movements are new, how many were known."""

    file: StatementFile
    new: int
    known: int


@transaction.atomic
def import_statement(
    *, account: MoneyAccount, name: str, content: bytes, actor: User, at: datetime
) -> Imported:
    """Take the movements of a statement that are not there yet; remember how it was read.

    Two at once wait for each other on the account.

    :raises CannotImport: if the file cannot be read whole, or was taken before.
    """
    account = MoneyAccount.objects.select_for_update().get(pk=account.pk)
    statement = _read(account, content)
    before = StatementFile.objects.filter(account=account, sha256=statement.sha256).first()
    if before is not None:
        text = _("Ce fichier a déjà été importé le %(day)s : rien n’a changé.")
        raise CannotImport(text % {"day": date_long(timezone.localdate(before.imported_at))})
    known = _known_prints(account, statement)
    file = StatementFile.objects.create(
        account=account,
        name=name[:200],
        sha256=statement.sha256,
        lines_read=len(statement.lines),
        lines_known=len(known),
        imported_by=actor,
        imported_at=at,
    )
    fresh = [line for line in statement.lines if line.fingerprint not in known]
    _keep_lines(file, fresh)
    account.statement_columns = dict(statement.columns)
    account.save(update_fields=["statement_columns"])
    record("statement_imported", account, actor=actor, file=file.name, new=len(fresh))
    return Imported(file, len(fresh), len(known))


def _known_prints(account: MoneyAccount, statement: ReadStatement) -> set[str]:
    """Return the fingerprints of a statement that its account has already."""
    prints = [line.fingerprint for line in statement.lines]
    rows = StatementLine.objects.filter(account=account, fingerprint__in=prints)
    return set(rows.values_list("fingerprint", flat=True))


def _keep_lines(file: StatementFile, lines: Iterable[ReadLine]) -> None:
    rows = [
        StatementLine(
            account=file.account,
            file=file,
            position=line.position,
            fingerprint=line.fingerprint,
            booked_on=line.booked_on,
            amount=line.amount,
            currency=file.account.currency,
            label=line.label,
            reference=line.reference,
            sender=line.sender,
        )
        for line in lines
    ]
    StatementLine.objects.bulk_create(rows, batch_size=1000)


def _read(account: MoneyAccount, content: bytes) -> ReadStatement:
    try:
        return read_statement(content, currency=account.currency, columns=account.statement_columns)
    except UnreadableStatement as refusal:
        raise CannotImport(_(refusal.message) % refusal.facts) from refusal
