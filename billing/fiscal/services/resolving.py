"""What a person decides of a certification that the machine may not decide."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.fiscal.models import Certification, CertificationEvent
from billing.fiscal.providers.base import Certified
from billing.fiscal.services.outcomes import settle
from billing.fiscal.services.steps import (
    State,
    Step,
    is_known_reference,
    locked,
    move,
    owe_sending,
)
from core.audit.log import record

Kind = CertificationEvent.Kind
REFERENCE = re.compile(r"(A?)(\d{7}[A-Z])\d{11}")
OPEN = (State.UNCERTAIN, State.REJECTED)


class AlreadyDecided(Exception):
    """The certification moved since the page was opened."""

    message = ""


@transaction.atomic
def confirm_certified(
    *,
    certification: Certification,
    rank: int,
    reference: str,
    verification_url: str,
    at: datetime,
    actor: Any,
) -> None:
    """Write the reference that a person read on the portal of the tax office.

    `rank` is the sending that the person looked at.

    :raises AlreadyDecided: if the certification moved since.
    :raises django.core.exceptions.ValidationError: if the reference cannot be this paper's.
    """
    row = _open(certification, rank)
    reference = re.sub(r"\s", "", reference).upper()
    _check_reference(row, reference)
    step = Step(Kind.DECIDED, at, _("Référence saisie : %(ref)s") % {"ref": reference}, actor=actor)
    settle(row, Certified(reference, verification_url.strip()), step, is_by_hand=True)
    record("certification_typed", row, actor=actor, reference=reference)


@transaction.atomic
def send_again(
    *,
    certification: Certification,
    rank: int,
    at: datetime,
    actor: Any,
    is_absent: bool = False,
    number: str = "",
) -> None:
    """Have a refused paper sent again, or a lost one that a person did not find on the portal.

    For a lost one the person says twice that it is absent: by `is_absent`, and by typing the
    `number` of the paper.

    :raises AlreadyDecided: if the certification moved since.
    :raises django.core.exceptions.ValidationError: if absence was not confirmed twice.
    """
    row = _open(certification, rank)
    was = row.state
    if was == State.UNCERTAIN:
        if not is_absent:
            raise ValidationError({"is_absent": _("Confirmez que vous l’avez cherchée.")})
        if number.strip().upper() != row.number.upper():
            text = _("Recopiez le numéro : %(number)s.") % {"number": row.number}
            raise ValidationError({"number": text})
    message = _("Absente du portail : à renvoyer.") if is_absent else _("À renvoyer.")
    step = Step(Kind.DECIDED, at, message, actor=actor)
    move(row, State.TO_RETRY, step, tries=row.tries + 1, next_try_at=at, reason="", items=[])
    record("certification_sent_again", row, actor=actor, was=was, rank=rank)
    owe_sending(row, at)


def _open(certification: Certification, rank: int) -> Certification:
    row = locked(certification.pk)
    if row.state not in OPEN or row.rank != rank:
        raise AlreadyDecided
    return row


def _check_reference(row: Certification, reference: str) -> None:
    found = REFERENCE.fullmatch(reference)
    if found is None:
        text = _("Une référence FNE s’écrit 1234567A25000000019, avec un A devant pour un avoir.")
        raise ValidationError({"reference": text})
    is_credit = row.kind == Certification.Kind.CREDIT
    if bool(found[1]) != is_credit:
        text = _("Un avoir porte un A devant, une facture n’en porte pas.")
        raise ValidationError({"reference": text})
    ours = row.invoice.company.ncc.replace(" ", "")
    if ours and not row.is_test and found[2] != ours:
        text = _(
            "Cette référence est celle d’un autre contribuable : la vôtre commence par %(ncc)s."
        )
        raise ValidationError({"reference": text % {"ncc": ours}})
    if is_known_reference(row, reference):
        raise ValidationError({"reference": _("Un autre document porte déjà cette référence.")})
