"""What the imitation holds, and how it answers: the protocol and the faults seen of it.

A fault is one of `FAULTS`; each is used up by one request. It knows nothing of our models.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

RATES = {"TVA": 18, "TVAB": 9, "TVAC": 0, "TVAD": 0, "TVAE": 0}
TEMPLATES = ("B2B", "B2C", "B2G", "B2F")
METHODS = ("cash", "card", "check", "mobile-money", "transfer", "deferred")
DEMANDED = ("clientCompanyName", "clientPhone", "clientEmail", "pointOfSale", "establishment")
FAULTS = {
    "bad_request": "400, nothing is made",
    "unauthorized": "401, as if the key were wrong",
    "company_not_found": "404, as when the taxpayer is not registered",
    "unavailable": "503, nothing is made",
    "error_after_create": "500, but the document is certified",
    "error_before_create": "500, nothing is made",
    "cut_after_create": "the document is certified, and the line is cut without an answer",
    "slow_after_create": "the document is certified, and the answer comes too late",
    "malformed": "200 with no JSON, but the document is certified",
    "half": "200 without a reference, but the document is certified",
}
REFUND = re.compile(r"/external/invoices/([0-9a-f-]{36})/refund")


@dataclass
class Document:
    """A document of the imitation; unsigned ones have no reference and no worth."""

    id: str
    kind: str
    label: str
    reference: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    refunds: str = ""


@dataclass(frozen=True)
class Reply:
    """What to answer: a body of None cuts the line; `seconds` to wait before."""

    status: int
    body: Any
    seconds: float = 0


class Fne:
    """The imitation of one taxpayer's platform."""

    def __init__(
        self,
        *,
        key: str = "sandbox-fne",
        ncc: str = "2112345A",
        point_of_sale: str = "",
        stickers: int = 1000,
        slowness: float = 90,
    ) -> None:
        self.key, self.ncc, self.point_of_sale = key, ncc, point_of_sale
        self.stickers, self.slowness = stickers, slowness
        self.documents: list[Document] = []
        self.faults: deque[str] = deque()
        self.requests: list[Any] = []
        self._lock = threading.Lock()

    def certified(self, label: str) -> list[Document]:
        """Return the signed documents whose footer bears a number of ours."""
        return [one for one in self.documents if one.reference and label in one.label]

    def answer(self, path: str, key: str, body: Any) -> Reply:
        """Answer one POST."""
        with self._lock:
            self.requests.append(body)
            fault = self.faults.popleft() if self.faults else ""
            return self._answer(path, key, body, fault)

    def _answer(self, path: str, key: str, body: Any, fault: str) -> Reply:
        early = {
            "bad_request": _refusal(400, "Bad request"),
            "unauthorized": _refusal(401, "Invalid API Key"),
            "company_not_found": _refusal(404, "Company not found", "company_not_found"),
            "unavailable": Reply(503, {"message": "Service Unavailable"}),
            "error_before_create": _refusal(500, "Internal Server Error"),
        }
        if fault in early:
            return early[fault]
        if key != self.key:
            return early["unauthorized"]
        if not isinstance(body, Mapping):
            return early["bad_request"]
        refund = REFUND.fullmatch(path)
        if path == "/external/invoices/sign":
            made = self._sign(body)
        elif refund:
            made = self._refund(refund[1], body)
        else:
            made = _refusal(404, "Not found")
        return self._spoil(made, fault)

    def _spoil(self, made: Reply, fault: str) -> Reply:
        if made.status >= 400:
            return made
        return {
            "error_after_create": _refusal(500, "Internal Server Error"),
            "cut_after_create": Reply(200, None),
            "slow_after_create": Reply(made.status, made.body, self.slowness),
            "malformed": Reply(200, "<html>certified</html>"),
            "half": Reply(200, {"ncc": self.ncc}),
        }.get(fault, made)

    def _sign(self, body: Mapping[str, Any]) -> Reply:
        if trouble := self._trouble(body):
            return _refusal(400, trouble)
        share = 1 - Decimal(str(body.get("discount", 0))) / 100
        document = Document(str(uuid.uuid4()), "sale", str(body.get("footer", "")))
        for item in body["items"]:
            net = Decimal(str(item["quantity"])) * Decimal(str(item["amount"])) * share
            net *= 1 - Decimal(str(item.get("discount", 0))) / 100
            document.net += net
            document.vat += net * RATES[item["taxes"][0]] / 100
            kept = {"id": str(uuid.uuid4()), "quantity": item["quantity"], "left": item["quantity"]}
            document.items.append({**item, **kept})
        return self._make(document, 200)

    def _refund(self, document_id: str, body: Mapping[str, Any]) -> Reply:
        sale = next((one for one in self.documents if one.id == document_id), None)
        if sale is None or not sale.reference:
            return _refusal(404, "Invoice not found")
        known = {item["id"]: item for item in sale.items}
        asked = body.get("items") or []
        if not asked or any(part.get("id") not in known for part in asked):
            return _refusal(400, "Item not found")
        left = {part["id"]: Decimal(str(known[part["id"]]["left"])) for part in asked}
        if any(Decimal(str(part["quantity"])) > left[part["id"]] for part in asked):
            return _refusal(400, "Quantity exceeds the remaining quantity")
        for part in asked:
            known[part["id"]]["left"] = left[part["id"]] - Decimal(str(part["quantity"]))
        document = Document(str(uuid.uuid4()), "refund", sale.label, refunds=sale.id)
        return self._make(document, 201)

    def _make(self, document: Document, status: int) -> Reply:
        self.documents.append(document)
        if self.stickers <= 0:  # what is left behind is unsigned
            return _refusal(500, "Signing failed", "invoice_signing_error")
        self.stickers -= 1
        rank = sum(1 for one in self.documents if one.kind == document.kind and one.reference) + 1
        letter = "A" if document.kind == "refund" else ""
        document.reference = f"{letter}{self.ncc}26{rank:09d}"
        return Reply(status, self._told(document))

    def _told(self, document: Document) -> dict[str, Any]:
        items = [{"id": item["id"], "quantity": item["quantity"]} for item in document.items]
        return {
            "ncc": self.ncc,
            "reference": document.reference,
            "token": f"http://54.247.95.108/fr/verification/{document.id}",
            "warning": self.stickers <= 10,
            "balance_sticker": self.stickers,
            "invoice": {
                "id": document.id,
                "reference": document.reference,
                "amount": float(round(document.net + document.vat)),
                "vatAmount": float(round(document.vat)),
                "items": items,
            },
        }

    def _trouble(self, body: Mapping[str, Any]) -> str:
        """Return what the platform refuses of a sale, in its words, or nothing."""
        for name in DEMANDED:
            if not isinstance(body.get(name), str) or not body[name]:
                return f"{name} must be a string"
        if body.get("invoiceType") != "sale" or body.get("template") not in TEMPLATES:
            return "invoiceType or template is not valid"
        if body.get("paymentMethod") not in METHODS:
            return "paymentMethod is not valid"
        if body["template"] == "B2B" and not body.get("clientNcc"):
            return "clientNcc is required"
        if body["template"] == "B2F" and not body.get("foreignCurrency"):
            return "foreignCurrency is required"
        if self.point_of_sale and body["pointOfSale"] != self.point_of_sale:
            return "Point of sale is not valid"
        items = body.get("items")
        if not isinstance(items, list) or not items:
            return "items should not be empty"
        return next((trouble for trouble in map(_item_trouble, items) if trouble), "")


def _item_trouble(item: Mapping[str, Any]) -> str:
    taxes = item.get("taxes")
    if not isinstance(taxes, list) or len(taxes) != 1 or taxes[0] not in RATES:
        return "taxes must hold one code"
    if not item.get("description") or not item.get("quantity") or item.get("amount") is None:
        return "description, quantity and amount are required"
    price = Decimal(str(item["amount"]))
    return "" if price == round(price, 4) else "amount has too many decimals"


def _refusal(status: int, message: str, error: str = "error") -> Reply:
    return Reply(status, {"message": message, "error": error, "statusCode": status})
