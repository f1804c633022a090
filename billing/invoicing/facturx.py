"""The data of an issued paper as Factur-X (EN 16931), for the accountant of who asks for it.

Names such as BT-131 are the business terms of EN 16931-1, as the factur-x library wants them.
A paper with added taxes carries them as charges without VAT; deposits come off as lines of their
own, so that base and VAT per rate are those of the paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import facturx
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.models.lines import PaperLine
from billing.invoicing.sums import kept_groups, kept_sums, lines_of, read_groups
from billing.invoicing.taxes import kept_taxes
from billing.invoicing.totals import LineTotal, Totals, VatGroup
from core.accounts.models import VatCode
from core.money import round_half_up, to_major

Paper = Invoice | CreditNote
LEVEL = "en16931"
FRANC = "XOF"
CATEGORIES = {
    VatCode.EXPORT: "G",
    VatCode.EXEMPT_BY_LAW: "E",
    VatCode.EXEMPT_BY_AGREEMENT: "E",
}
TYPES = {Invoice.Kind.DEPOSIT: "386"}  # UNTDID 1001
INVOICE, CREDIT = "380", "381"
UNITS = {"h": "HUR", "heure": "HUR", "heures": "HUR", "jour": "DAY", "jours": "DAY", "mois": "MON"}
PIECE = "C62"
TRANSFER, AGREED = "30", "ZZZ"  # UNTDID 4461


class NotDescribable(Exception):
    """The paper has no data that EN 16931 takes; the first argument says why, in French."""


@dataclass(frozen=True)
class Figures:
    """Writes amounts of minor units and prices as the standard wants them."""

    currency: str

    def amount(self, minor: int) -> str:
        return str(to_major(minor, self.currency))

    def price(self, minor: Decimal) -> str:
        """Write a unit price, which may hold fractions of the minor unit."""
        return f"{minor * to_major(1, self.currency):f}"


def add_data(pdf: bytes, paper: Paper) -> bytes:
    """Return the PDF/A-3 of an issued paper with its data inside, as factur-x.xml.

    :raises NotDescribable: if our company has no tax number, without which no VAT is understood.
    """
    return facturx.generate_from_binary(
        pdf,
        describe(paper),
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,  # `describe` did
        pdf_metadata={
            "author": paper.seller.get("name", ""),
            "title": f"{paper._meta.verbose_name} {paper.number}",
            "subject": paper.subject,
            "keywords": "Factur-X",
        },
        lang="fr-FR",
    )


def describe(paper: Paper) -> bytes:
    """Return the XML of an issued paper, checked against the schema of its level.

    :raises NotDescribable: if our company has no tax number.
    """
    if not paper.seller.get("ncc"):
        raise NotDescribable(_("La société n’a pas de compte contribuable (NCC)."))
    return facturx.generate_xml(
        terms_of(paper), flavor="factur-x", level=LEVEL, check_xsd=True, check_schematron=False
    )


def terms_of(paper: Paper) -> dict[str, Any]:
    """Return the business terms of an issued paper, by their names."""
    write = Figures(paper.currency)
    lines = lines_of(paper)
    totals = kept_sums(paper, lines)
    return {
        "BT-1": paper.number,
        "BT-2": paper.issue_date,
        "BT-3": CREDIT if isinstance(paper, CreditNote) else TYPES.get(paper.kind, INVOICE),
        "BT-5": paper.currency,
        "BT-72": paper.issue_date,
        "BG-1": [{"BT-22": text} for text in (paper.subject, paper.notes) if text],
        "BG-4": _seller(paper),
        "BG-7": _buyer(paper),
        "BG-25": _lines(paper, lines, totals, write),
        "BG-20": _discounts(paper, lines, totals, write),
        "BG-21": _charges(paper, write),
        "BG-23": _groups(paper, lines, write),
        **_sums(paper, lines, totals, write),
        **_payment(paper),
        **_abroad(paper),
    }


def _lines(
    paper: Paper, lines: list[PaperLine], totals: Totals, write: Figures
) -> list[dict[str, Any]]:
    pairs = zip(lines, totals.lines, strict=True)
    rows = [_line(paper, line, total, write) for line, total in pairs]
    rows += [_taken_row(number, group, write) for number, group in _deposits(paper)]
    return [{"BT-126": str(rank), **row} for rank, row in enumerate(rows, 1)]


def _line(paper: Paper, line: PaperLine, total: LineTotal, write: Figures) -> dict[str, Any]:
    """Describe a line: its price as typed and its own discount; in HT when prices are in TTC."""
    if paper.price_includes_vat:
        net, price, discount = total.net, Decimal(total.net) / line.quantity, 0
        price = price.quantize(Decimal("0.0001"))
    else:
        net, price, discount = total.amount, line.unit_price, total.discount
    row = {
        "BT-153": line.label,
        "BT-154": line.detail,
        "BT-129": f"{line.quantity.normalize():f}",
        "BT-130": UNITS.get(line.unit.strip().lower(), PIECE),
        "BT-146": write.price(price),
        "BT-131": write.amount(net),
        **_vat_of(line.vat_rate, line.vat_code, "BT-151", "BT-152"),
    }
    if discount:
        row["BG-27"] = [{"amount": write.amount(discount), "reason": _("Remise")}]
    return row


def _taken_row(number: str, group: VatGroup, write: Figures) -> dict[str, Any]:
    return {
        "BT-153": _("Acompte déduit : %(number)s") % {"number": number},
        "BT-129": "-1",
        "BT-130": PIECE,
        "BT-146": write.amount(group.base),
        "BT-131": write.amount(-group.base),
        **_vat_of(group.rate, group.code, "BT-151", "BT-152"),
    }


def _deposits(paper: Paper) -> list[tuple[str, VatGroup]]:
    if getattr(paper, "kind", "") != Invoice.Kind.FINAL:
        return []
    rows = paper.deductions.select_related("deposit").order_by("pk")
    from_row = ((row.deposit.number, group) for row in rows for group in read_groups(row.groups))
    return [(number, group) for number, group in from_row if group.base]


def _discounts(
    paper: Paper, lines: list[PaperLine], totals: Totals, write: Figures
) -> list[dict[str, Any]]:
    """Describe the discount of the whole document, shared between its rates."""
    if paper.price_includes_vat:
        return []  # the prices of the lines hold it
    shares: dict[tuple[Decimal, str], int] = {}
    for line, total in zip(lines, totals.lines, strict=True):
        key = (line.vat_rate, _nature(line.vat_rate, line.vat_code))
        shares[key] = shares.get(key, 0) + total.amount - total.discounted
    return [
        {
            "amount": write.amount(share),
            "reason": _("Remise"),
            "vat_category_code": category,
            "vat_rate": _percent(rate),
        }
        for (rate, category), share in shares.items()
        if share
    ]


def _charges(paper: Paper, write: Figures) -> list[dict[str, Any]]:
    return [
        {
            "amount": write.amount(tax.amount),
            "reason": tax.title,
            "vat_category_code": "E",
            "vat_rate": "0.00",
        }
        for tax in kept_taxes(paper)
        if tax.is_added and tax.amount
    ]


def _groups(paper: Paper, lines: list[PaperLine], write: Figures) -> list[dict[str, Any]]:
    """Describe base and VAT per rate and nature; natures of one category make one group."""
    sums: dict[tuple[str, Decimal], list[int]] = {}
    for group in kept_groups(paper):
        of = sums.setdefault((_nature(group.rate, group.code), group.rate), [0, 0])
        of[0], of[1] = of[0] + group.base, of[1] + group.vat
    if paper.total_added:
        sums.setdefault(("E", Decimal(0)), [0, 0])[0] += paper.total_added
    rows = []
    for (category, rate), (base, vat) in sums.items():
        row = {
            "BT-116": write.amount(base),
            "BT-117": write.amount(vat),
            "BT-118": category,
            "BT-119": _percent(rate),
        }
        rows.append(row if category == "S" else {**row, "BT-120": _reason(paper, lines, category)})
    return rows


def _sums(paper: Paper, lines: list[PaperLine], totals: Totals, write: Figures) -> dict[str, Any]:
    rows = totals.lines
    taken = sum(group.base for _number, group in _deposits(paper))
    if paper.price_includes_vat:
        full, discount = sum(row.net for row in rows), 0
    else:
        full = sum(row.amount for row in rows)
        discount = full - sum(row.discounted for row in rows)
    asked = paper.total + paper.total_added
    return {
        "BT-106": write.amount(full - taken),
        "BT-107": write.amount(discount),
        "BT-108": write.amount(paper.total_added),
        "BT-109": write.amount(paper.total_net + paper.total_added),
        "BT-110": write.amount(paper.total_vat),
        "BT-112": write.amount(asked),
        "BT-115": write.amount(asked),
    }


def _seller(paper: Paper) -> dict[str, Any]:
    seller, company = paper.seller, paper.company
    return {
        "name": seller.get("name", ""),
        "legal_info": seller.get("legal_form", ""),
        "vat_identifier": f"{company.country}{seller['ncc'].replace(' ', '')}",
        "addr_l1": seller.get("address", ""),
        "city": company.city,
        "country_code": company.country,
        "contacts": _contact(seller),
    }


def _buyer(paper: Paper) -> dict[str, Any]:
    buyer = paper.buyer
    return {
        "name": buyer.get("name", ""),
        "addr_l1": buyer.get("address", "").replace("\n", ", "),
        "country_code": buyer.get("country") or paper.company.country,
        **({"tax_identifier": buyer["ncc"].replace(" ", "")} if buyer.get("ncc") else {}),
    }


def _contact(seller: dict[str, Any]) -> list[dict[str, str]]:
    facts = {name: seller.get(name, "") for name in ("phone", "email")}
    return [{"name": seller.get("name", ""), **facts}] if any(facts.values()) else []


def _payment(paper: Paper) -> dict[str, Any]:
    """Say when and how to pay; a credit note names the invoice it corrects."""
    if isinstance(paper, CreditNote):
        facts = {"BT-25": paper.invoice.number, "BT-26": paper.invoice.issue_date}
        return {"BG-3": [facts]}
    account = paper.seller.get("bank_account", "").replace(" ", "")
    terms = {
        "BT-9": paper.due_date,
        "BT-13": paper.external_reference,
        "BT-81": TRANSFER if account else AGREED,
        "BT-83": paper.number,
        "BT-20": _withheld_words(paper),
    }
    return {**terms, "BT-84": account} if account else terms


def _withheld_words(paper: Invoice) -> str:
    """Say what the client keeps back for the State: the standard has no term for it."""
    kept = [tax for tax in kept_taxes(paper) if not tax.is_added and tax.amount]
    if not kept:
        return ""
    write = Figures(paper.currency)
    words = ", ".join(f"{tax.title} : {write.amount(tax.amount)} {paper.currency}" for tax in kept)
    return _("Retenue à la source comprise : %(taxes)s") % {"taxes": words}


def _abroad(paper: Paper) -> dict[str, Any]:
    """Say the VAT in francs of a paper in another currency, at the rate it keeps."""
    if paper.currency == FRANC or not paper.exchange_rate:
        return {}
    vat = Fraction(to_major(paper.total_vat, paper.currency)) * Fraction(paper.exchange_rate)
    return {"BT-6": FRANC, "BT-111": str(round_half_up(vat))}


def _vat_of(rate: Decimal, code: str, category_term: str, rate_term: str) -> dict[str, str]:
    return {category_term: _nature(rate, code), rate_term: _percent(rate)}


def _nature(rate: Decimal, code: str) -> str:
    """Return the category of VAT (UNTDID 5305): standard, exempt, or export."""
    return "S" if rate else CATEGORIES.get(code, "E")  # type: ignore[call-overload]


def _reason(paper: Paper, lines: Iterable[PaperLine], category: str) -> str:
    """Return why there is no VAT in a category: the texts of its lines, else our regime's."""
    texts = [line.vat_text for line in lines if _nature(line.vat_rate, line.vat_code) == category]
    texts += [tax.title for tax in kept_taxes(paper) if tax.is_added and category == "E"]
    said = " ; ".join(dict.fromkeys(text for text in texts if text))
    default = _("Exportation") if category == "G" else _("Opération exonérée de TVA")
    return said or paper.seller.get("vat_exemption", "") or default


def _percent(rate: Decimal) -> str:
    return f"{rate:.2f}"
