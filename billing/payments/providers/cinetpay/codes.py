"""CinetPay's answer codes as a table, and the rule that turns an answer into a state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from ..base import PayState

ACCEPTED = "ACCEPTED"
REFUSED_WORDS = frozenset({"REFUSED", "CANCELLED", "CANCELED", "FAILED", "EXPIRED"})
WAITING_WORDS = frozenset(
    {
        "CREATED",
        "PENDING",
        "WAITING_FOR_CUSTOMER",
        "WAITING_CUSTOMER_TO_VALIDATE",
        "WAITING_CUSTOMER_PAYMENT",
        "WAITING_CUSTOMER_OTP_CODE",
    }
)

TRY_ANOTHER = _("Cet opérateur est indisponible. Essayez un autre moyen de paiement.")
CEILING = _(
    "Le plafond de ce compte est atteint. Essayez un autre moyen ou payez en plusieurs fois."
)
BAD_NUMBER = _("Ce numéro ne peut pas servir à payer. Vérifiez-le ou utilisez un autre compte.")
NO_BALANCE = _("Le solde du compte est insuffisant. Rechargez-le ou choisissez un autre moyen.")
BAD_CODE = _("Le code saisi n’est pas le bon. Vous pouvez recommencer.")
ON_PHONE = _("Validez la demande reçue sur votre téléphone.")
CHECK_US = _("Notre équipe vérifie ce paiement. Ne payez pas une seconde fois.")


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What one code means: a state, whether the team is told, what the payer reads."""

    state: PayState
    alert: bool = False
    advice: str | Promise = ""
    fails_after: timedelta | None = None


PENDING = CodeRule(PayState.PENDING)
PENDING_ALERT = CodeRule(PayState.PENDING, alert=True, advice=CHECK_US)
NO_NEWS = CodeRule(PayState.UNKNOWN)
OUR_FAULT = CodeRule(PayState.UNKNOWN, alert=True)


def _failed(advice: str | Promise = "", state: PayState = PayState.FAILED) -> CodeRule:
    return CodeRule(state, advice=advice)


RULES: dict[str, CodeRule] = {
    "00": CodeRule(PayState.SUCCEEDED),
    "201": PENDING,
    "600": _failed(_("Le paiement a échoué. Vous pouvez recommencer.")),
    "601": OUR_FAULT,
    "602": _failed(NO_BALANCE),
    "603": PENDING,
    "604": CodeRule(PayState.PENDING, advice=BAD_CODE, fails_after=timedelta(minutes=15)),
    "605": _failed(_("Cette demande de paiement est close. Recommencez depuis la facture.")),
    "606": _failed(
        _("Orange Money a refusé : code erroné, solde insuffisant ou demande répétée trop vite.")
    ),
    "607": PENDING,
    **dict.fromkeys(("608", "609", *map(str, range(610, 620)), "630"), OUR_FAULT),
    "620": CodeRule(PayState.UNKNOWN, alert=True, advice=CHECK_US),
    **dict.fromkeys(("621", "622", "626", "639", "640"), _failed(TRY_ANOTHER)),
    "623": CodeRule(PayState.PENDING, advice=ON_PHONE),
    "624": NO_NEWS,
    "625": _failed(
        _("Le délai de paiement est dépassé. Recommencez depuis la facture."), PayState.EXPIRED
    ),
    "627": _failed(_("Le paiement a été annulé ou refusé.")),
    "628": NO_NEWS,
    "629": NO_NEWS,
    "631": _failed(CEILING),
    **dict.fromkeys(("632", "633", "634", "635", "636", "637"), _failed(BAD_NUMBER)),
    "638": CodeRule(PayState.PENDING, advice=_("Confirmez le paiement auprès de votre banque.")),
    "641": _failed(_("Le montant est trop faible pour ce moyen de paiement.")),
    "642": _failed(_("Le montant dépasse le plafond de ce moyen. Payez en plusieurs fois.")),
    "660": OUR_FAULT,
    "661": OUR_FAULT,
    "662": PENDING,
    "663": CodeRule(PayState.PENDING, advice=_("Saisissez le code reçu de votre opérateur.")),
    "664": PENDING_ALERT,
    **dict.fromkeys(("800", "801", "802", "803"), PENDING_ALERT),
    "804": _failed(TRY_ANOTHER),
    **dict.fromkeys(map(str, range(807, 813)), _failed(CEILING)),
}

CONFIGURATION_CODES = frozenset({"601", "609", "613", "624"})
REVERSAL_CODES = frozenset({"660", "661"})
REVERSAL_WORDS = frozenset({b"REFUNDED", b"REFUNDING_IN_PROCESS"})  # notified: a cause to ask


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer comes down to; the alert is a French sentence for the team."""

    state: PayState
    alert: str = ""
    fails_after: timedelta | None = None


def read_answer(code: str, status: str) -> Reading:
    """Turn a check's code and status word into a state.

    Money came in only when both say so. Words that contradict each other, and words never
    seen before, leave the payment pending and call a person; they never close it.
    """
    if code == "00" and status == ACCEPTED:
        return Reading(PayState.SUCCEEDED)
    rule = RULES.get(code)
    if rule is None or _contradicts(rule, status):
        return Reading(PayState.PENDING, _odd_answer(code, status))
    alert = _rule_alert(code) if rule.alert else ""
    return Reading(rule.state, alert, rule.fails_after)


def _contradicts(rule: CodeRule, status: str) -> bool:
    if status == ACCEPTED or rule.state is PayState.SUCCEEDED:
        return True  # the pair that means success was dealt with before
    if rule.state is PayState.UNKNOWN:
        return False
    expected = WAITING_WORDS | REFUSED_WORDS if rule.state is PayState.PENDING else REFUSED_WORDS
    return status != "" and status not in expected


def _odd_answer(code: str, status: str) -> str:
    return _text("CinetPay répond le code %(code)s avec le statut %(status)s : à vérifier.") % {
        "code": code or "—",
        "status": status or "—",
    }


def _rule_alert(code: str) -> str:
    if code in REVERSAL_CODES:
        return _text("CinetPay signale un remboursement (code %(code)s).") % {"code": code}
    if code == "620":
        return _text("CinetPay signale un double paiement (code 620) : à rapprocher à la main.")
    return _text("CinetPay répond le code %(code)s : une personne doit regarder.") % {"code": code}
