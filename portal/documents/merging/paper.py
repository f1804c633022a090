"""Drawing a filled template as PDF, at the head of our company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from core.accounts.models import Company
from core.money import format_amount
from core.pdf import render_pdf
from core.ui.formats import date_long
from core.ui.formats import phone as phone_text
from portal.documents.merging.fields import filled_html


@dataclass(frozen=True)
class Letterhead:
    """Our company as the head and the foot of a paper show it."""

    name: str
    legal_name: str
    legal_lines: list[str]
    accent: str
    logo: bytes | None = None


@dataclass(frozen=True)
class PaperView:
    """What the template of a paper is given."""

    seller: Letterhead
    title: str
    number: str
    thread: tuple[()] = ()


def body_of(body: str, values: Mapping[str, str]) -> SafeString:
    """Return the HTML of a filled text; it was cleaned by the editor's field when it was saved."""
    return mark_safe(filled_html(expand_db_html(body), values))


def draw_paper(
    *, title: str, body: str, values: Mapping[str, str], company: Company, at: datetime
) -> bytes:
    """Draw a filled template; `at` is the moment it is dated from.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    head = letterhead(company)
    view = PaperView(seller=head, title=title, number=date_long(at))
    html = render_to_string("pdf/paper.html", {"document": view, "body": body_of(body, values)})
    images = {"logo": head.logo} if head.logo else {}
    return render_pdf(html, title=title, created_at=at, author=head.legal_name, images=images)


def letterhead(company: Company) -> Letterhead:
    """Return how our company stands at the head and the foot of a paper."""
    name = company.legal_name or company.name
    form = company.legal_form if company.legal_form not in name else ""
    capital = (
        f"capital {format_amount(company.share_capital, company.currency)}"
        if company.share_capital
        else ""
    )
    place = ", ".join(line.strip() for line in company.address.splitlines() if line.strip())
    lines = (
        (
            form,
            capital,
            company.rccm and f"RCCM {company.rccm}",
            company.ncc and f"NCC {company.ncc}",
        ),
        (place or company.city, phone_text(company.phone), company.email, company.website),
    )
    return Letterhead(
        name=company.name,
        legal_name=name,
        legal_lines=[text for line in lines if (text := " · ".join(part for part in line if part))],
        accent=company.accent_color,
        logo=_logo_of(company),
    )


def _logo_of(company: Company) -> bytes | None:
    if company.logo is None:
        return None
    try:
        with company.logo.file.open("rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
