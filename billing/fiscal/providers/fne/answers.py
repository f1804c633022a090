"""What an answer of the FNE means. Its words differ from its document: the status decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from billing.fiscal.providers.base import (
    Certified,
    CertifiedItem,
    NotSent,
    Prepared,
    Rejected,
    Uncertain,
)
from billing.fiscal.providers.fne.transport import Answer

REFERENCE = re.compile(r"A?\d{7}[A-Z]\d{11}")
NO_STICKER = "invoice_signing_error"
KEY_REFUSED = (401, 403)
AWAY = (429, 502, 503)
LOST = (408, 425, 504)  # somebody on the way gave up waiting
LONGEST_REASON = 300
MAX_DEPTH = 8


def read_answer(answer: Answer, prepared: Prepared) -> Certified:
    """Return what was certified.

    :raises Rejected: if the request was refused.
    :raises NotSent: if the key was refused, or the service is away.
    :raises Uncertain: if the service failed, or what it certified cannot be read.
    """
    status, body = answer.status, plain(answer.body or {})
    if status in (200, 201):
        return _certified(status, body, prepared)
    if status in KEY_REFUSED:
        reason = _("La DGI refuse la clé d’API (%(status)s).") % {"status": status}
        raise NotSent(reason, alert=True, status=status, raw=body)
    if status in AWAY:
        reason = _("Le service de la DGI est indisponible (%(status)s).") % {"status": status}
        raise NotSent(reason, status=status, raw=body)
    if status >= 500 or status < 300 or status in LOST:
        raise Uncertain(_failure(status, body), status=status, raw=body)
    raise Rejected(_refusal(status, body), status=status, raw=body)


def plain(value: Any, depth: int = 0) -> Any:
    """Return a JSON value fit to be kept: no null byte, no endless text, no endless depth."""
    if depth > MAX_DEPTH:
        return "…"
    if isinstance(value, str):
        return value[:2000].replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each, depth + 1) for each in value[:500]]
    if isinstance(value, float):
        return value if value == value and abs(value) < 1e300 else str(value)
    return value


def _certified(status: int, body: Mapping[str, Any], prepared: Prepared) -> Certified:
    reference, url = body.get("reference"), body.get("token")
    document = body.get("invoice")
    document = document if isinstance(document, Mapping) else {}
    is_read = isinstance(reference, str) and REFERENCE.fullmatch(reference)
    if not is_read or not isinstance(url, str) or not url.startswith(("https://", "http://")):
        reason = _("La DGI a répondu, mais sa référence ou son adresse de contrôle est illisible.")
        raise Uncertain(reason, status=status, raw=body)
    balance = body.get("balance_sticker")
    return Certified(
        reference=str(reference),
        verification_url=url[:500],
        document_id=str(document.get("id") or "")[:64],
        items=_items(document.get("items"), prepared.items),
        sticker_balance=balance if isinstance(balance, int) else None,
        warning=bool(body.get("warning")),
        note=prepared.note or _difference(document.get("vatAmount"), prepared.vat),
        raw=body,
    )


def _items(answered: Any, asked: Sequence[CertifiedItem]) -> list[CertifiedItem]:
    """Give each line its id, in the order they were sent; none if they do not match."""
    if not isinstance(answered, list) or len(answered) != len(asked):
        return []
    ids = [each.get("id") if isinstance(each, Mapping) else None for each in answered]
    if not all(isinstance(one, str) and one for one in ids) or len(set(ids)) != len(ids):
        return []
    return [replace(item, id=str(one)[:64]) for item, one in zip(asked, ids, strict=True)]


def _difference(found: Any, asked: int | None) -> str:
    """Say that the VAT certified is not ours; some platforms tell it in hundredths."""
    if asked is None or not isinstance(found, int | float):
        return ""
    if any(abs(found - ours) <= 1 for ours in (asked, asked * 100)):
        return ""
    text = _("La DGI annonce %(found)s de TVA, la facture en porte %(asked)s : vérifiez.")
    return text % {"found": found, "asked": asked}


def _failure(status: int, body: Mapping[str, Any]) -> str:
    if NO_STICKER in (body.get("error"), body.get("message")):
        return _(
            "La DGI n’a pas signé la facture, sans doute faute de stickers : elle a pu laisser une "
            "facture non signée sur le portail."
        )
    reason = _("Le service de la DGI a échoué (%(status)s)") % {"status": status}
    return f"{reason} : {_words(body)}" if _words(body) else f"{reason}."


def _refusal(status: int, body: Mapping[str, Any]) -> str:
    if body.get("error") == "company_not_found":
        return _("La DGI ne connaît pas cette entreprise : vérifiez l’inscription à la plateforme.")
    words = _words(body)
    if status == 400 and "point of sale" in words.lower():
        return _(
            "La DGI ne connaît pas ce point de vente : créez-le sur le portail, puis corrigez les "
            "réglages. Sa réponse : %(words)s"
        ) % {"words": words}
    if 300 <= status < 400 or status in (404, 405):
        return _("L’adresse de la FNE n’est pas la bonne (%(status)s).") % {"status": status}
    reason = _("La DGI refuse ce document (%(status)s)") % {"status": status}
    return f"{reason} : {words}" if words else f"{reason}."


def _words(body: Mapping[str, Any]) -> str:
    parts = [body.get("message"), body.get("errors")]
    texts = [part if isinstance(part, str) else _join(part) for part in parts if part]
    return " – ".join(text for text in texts if text)[:LONGEST_REASON]


def _join(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_join(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_join(each) for each in value)
    return str(value)
