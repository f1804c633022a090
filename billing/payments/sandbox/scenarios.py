"""What happens to a payment, chosen by the payer's phone number or card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .stages import Stage

Steps = tuple[tuple[int, Stage], ...]  # seconds after paying, and the stage reached then
Notices = Literal["once", "thrice", "reversed", "never", "forged", "race"]


@dataclass(frozen=True)
class Scenario:
    """A story: the stages in time, how they are notified, and how the check misbehaves."""

    title: str | Promise
    steps: Steps
    notices: Notices = "once"
    amount_shift: int = 0  # what the check adds to the amount paid
    check_faults: tuple[int, ...] = ()  # HTTP statuses of the first checks once paid
    on_approval: Stage = Stage.ACCEPTED


PAID: Steps = ((0, Stage.ACCEPTED),)
WAITS = (0, Stage.ON_PHONE)

SCENARIOS: dict[str, Scenario] = {
    "00": Scenario(_("accepté tout de suite"), PAID),
    "01": Scenario(_("en attente 20 secondes, puis accepté"), (WAITS, (20, Stage.ACCEPTED))),
    "03": Scenario(_("refusé tout de suite"), ((0, Stage.REFUSED),)),
    "04": Scenario(_("en attente 20 secondes, puis refusé"), (WAITS, (20, Stage.REFUSED))),
    "05": Scenario(_("solde insuffisant"), ((0, Stage.NO_BALANCE),)),
    "06": Scenario(_("en attente pour toujours"), (WAITS,)),
    "10": Scenario(_("accepté, notifié trois fois"), PAID, "thrice"),
    "11": Scenario(
        _("accepté, notifications dans le désordre"), (WAITS, (0, Stage.ACCEPTED)), "reversed"
    ),
    "12": Scenario(_("accepté, jamais notifié"), PAID, "never"),
    "13": Scenario(
        _("refusé, puis accepté 60 secondes plus tard"),
        ((0, Stage.REFUSED), (60, Stage.ACCEPTED)),
    ),
    "14": Scenario(_("accepté, mais 500 F de moins à la vérification"), PAID, amount_shift=-500),
    "15": Scenario(_("accepté, notifié avant et pendant le retour"), PAID, "race"),
    "16": Scenario(_("accepté, notification mal signée"), PAID, "forged"),
    "17": Scenario(
        _("accepté, vérification en panne trois fois"), PAID, check_faults=(500, 500, 429)
    ),
}
CARD_REFUSED_AT_BANK = Scenario(
    _("carte refusée par la banque"), ((0, Stage.AT_BANK),), on_approval=Stage.CARD_REFUSED
)


@dataclass(frozen=True)
class Phone:
    """A number as CinetPay notifies it: the country's prefix apart."""

    prefix: str
    national: str


def read_phone(text: str) -> Phone | None:
    """Read a number of Côte d'Ivoire (ten digits) or Senegal (nine), or return None."""
    digits = re.sub(r"\D", "", text)
    digits = digits.removeprefix("00")
    if re.fullmatch(r"(225)?0[157]\d{8}", digits):
        return Phone("225", digits[-10:])
    if re.fullmatch(r"(221)?7[05678]\d{7}", digits):
        return Phone("221", digits[-9:])
    return None


def scenario_key(phone: Phone) -> str:
    """Return the key of a number's scenario, or "" for an ordinary number."""
    start = {"225": "07070707", "221": "7700000"}[phone.prefix]
    key = phone.national[-2:]
    return key if phone.national.startswith(start) and key in SCENARIOS else ""


def find_scenario(key: str) -> Scenario | None:
    """Return the scenario of a key, or None for the empty one."""
    return CARD_REFUSED_AT_BANK if key == "card" else SCENARIOS.get(key)


def card_key(number: str) -> str:
    """Return the key of a card's scenario, or "" for an ordinary card."""
    return "card" if re.sub(r"\D", "", number).endswith("1129") else ""
