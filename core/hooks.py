"""The places where modules plug in. Each is a Wagtail hook with one typed function here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks

from core import rls
from core.counting import count_at_client, count_now, count_those


@dataclass(frozen=True)
class NavEntry:
    """An entry of the client's menu. `count` is what waits for the client, never what is new.

    It may be given as a function that returns rows, or their number: the rows of all entries are
    then counted in one query, and the counts kept a minute, or until `core.live.tell` says that
    something changed at the client.
    """

    key: str
    label: Any
    url: str
    icon: str
    order: int
    count: int | Callable[[], int | QuerySet] = 0
    tone: str = ""
    short: Any = ""  # the label under the tab of a phone


@dataclass(frozen=True)
class Link:
    """A link of the public header or footer."""

    label: Any
    url: str


@dataclass(frozen=True)
class Brand:
    """How the agency shows itself: its name, logos and colours, all optional but the name."""

    name: str
    logo_url: str = ""
    logo_dark_url: str = ""
    stylesheet_url: str = ""
    accent: str = ""  # "#rrggbb", as chosen: to be made readable where it is used


@dataclass(frozen=True)
class ClientPanel:
    """A card of the client's home page. `area` is top (beside what waits), main or aside."""

    template: str
    order: int
    context: dict[str, Any] = field(default_factory=dict)
    area: str = "main"


@dataclass(frozen=True)
class Space:
    """A client whose space the person may enter, beside others."""

    pk: int
    name: str
    is_current: bool


@dataclass(frozen=True)
class ToDo:
    """Something that waits for the client, with the action one tap away."""

    title: Any
    detail: Any
    url: str
    glyph: str
    tone: str = ""
    due: date | None = None
    action: Any = ""  # the word of its button, on wide screens


@dataclass(frozen=True)
class Deadline:
    """A date the client should know."""

    on: date
    label: str
    url: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened at a client, for the activity list and the history page."""

    at: datetime
    text: Any
    detail: Any = ""
    url: str = ""


@dataclass(frozen=True)
class TeamFigure:
    """A figure or an alert of the team's home page, leading to the rows behind it.

    A value may be given as rows: those of all figures are counted in one query, and a figure
    without rows is left out.
    """

    label: Any
    value: Any
    url: str
    order: int
    tone: str = ""
    hint: Any = ""


@dataclass(frozen=True)
class LinkedService:
    """A piece of work, its price and where its payment stands, for a client without an account."""

    title: str
    reference: str
    amount: int
    currency: str
    label: Any
    glyph: str
    tone: str = ""
    pay_url: str = ""


@dataclass(frozen=True)
class FiscalState:
    """Where an issued invoice or credit note stands with the tax office.

    `is_proforma`: it is not certified. `is_final`: nothing more will come, so that its PDF may be
    put in place. `number` and `verification_url` are those of the tax office, once certified.
    """

    is_proforma: bool
    is_final: bool
    number: str = ""
    verification_url: str = ""
    certified_at: datetime | None = None


@dataclass(frozen=True)
class PersonalData:
    """What one module holds on a person, for the copy that they may ask for.

    `name` is the key in the file; each row maps a field to a plain value, a date or a moment.
    """

    name: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Section:
    """A table under the fields of a record in the back-office, such as a client's invoices.

    Each row is a list of cells, texts or safe HTML; `links` are (label, url) pairs beside the
    title; `empty` is what shows without rows.
    """

    title: Any
    headings: Sequence[Any] = ()
    rows: Sequence[Sequence[Any]] = ()
    empty: Any = ""
    links: Sequence[tuple[Any, str]] = ()
    order: int = 50


@dataclass(frozen=True)
class CashMove:
    """Money that moved on our side, for the books: a fee kept, a payout, a cheque cashed.

    `kind` is "fee" (a provider keeps `amount`, of which `vat` is VAT we get back), "payout" (a
    provider sends `amount` to our bank) or "cheque" (the bank pays a cheque of `amount`). `id` is
    that of the row, one per kind; amounts are in units of `currency`. `provider` is the key of the
    provider or wallet; `method` tells a card ("card") from a telephone ("mobile_money");
    `difference` is what a payout brought beyond what was expected, negative when less came.
    `exchange_rate` is ours for one unit of a foreign `currency`; the euro needs none.
    """

    kind: str
    id: int
    company_id: int
    on: date
    amount: int
    reference: str
    provider: str = ""
    method: str = ""
    vat: int = 0
    difference: int = 0
    currency: str = "XOF"
    label: str = ""
    exchange_rate: Decimal | None = None


def client_nav(request: HttpRequest) -> list[NavEntry]:
    """`nourx_client_nav(request)` → entries of the client's menu."""
    entries = sorted(_gather("nourx_client_nav", request), key=lambda entry: entry.order)
    sets = {entry.key: entry.count for entry in entries if callable(entry.count)}
    counts = _counts(request, sets) if sets else {}
    return [replace(entry, count=counts.get(entry.key, entry.count)) for entry in entries]


def _counts(
    request: HttpRequest, sets: Mapping[str, Callable[[], int | QuerySet]]
) -> dict[str, int]:
    clients = rls.current().clients
    if len(clients) == 1:  # in a space, it is its client and no other
        return count_at_client(clients[0], request.user.pk or 0, sets)
    return count_now(sets)


def client_panels(request: HttpRequest) -> list[ClientPanel]:
    """`nourx_client_panels(request)` → cards of the client's home page."""
    return sorted(_gather("nourx_client_panels", request), key=lambda panel: panel.order)


def project_panels(request: HttpRequest, project: Any) -> list[ClientPanel]:
    """`nourx_project_panels(request, project)` → cards of the page of a project."""
    panels = _gather("nourx_project_panels", request, project)
    return sorted(panels, key=lambda panel: panel.order)


def client_to_dos(request: HttpRequest) -> list[ToDo]:
    """`nourx_client_to_dos(request)` → what waits for the client, most pressing first.

    What has no date waits for an answer now: it comes before what has one.
    """
    rows = _gather("nourx_client_to_dos", request)
    return sorted(rows, key=lambda row: row.due or date.min)


def client_deadlines(request: HttpRequest) -> list[Deadline]:
    """`nourx_client_deadlines(request)` → the client's next dates, soonest first."""
    return sorted(_gather("nourx_client_deadlines", request), key=lambda row: row.on)


def client_activity(request: HttpRequest) -> list[TimelineEntry]:
    """`nourx_client_activity(request)` → what happened lately, newest first."""
    return sorted(_gather("nourx_client_activity", request), key=lambda row: row.at, reverse=True)


def client_situation(request: HttpRequest) -> list[str]:
    """`nourx_client_situation(request)` → where things stand, a sentence or none per module."""
    return list(_gather("nourx_client_situation", request))


def portal_contact(request: HttpRequest) -> Any:
    """`nourx_portal_contact(request)` → the account of the team that the client writes to."""
    return next(iter(_gather("nourx_portal_contact", request)), None)


def portal_client(request: HttpRequest) -> Any:
    """`nourx_portal_client(request)` → the client whose space this is, when there is one."""
    return next(iter(_gather("nourx_portal_client", request)), None)


def portal_spaces(request: HttpRequest) -> list[Space]:
    """`nourx_portal_spaces(request)` → the spaces a person goes between; none if there is one."""
    return list(_gather("nourx_portal_spaces", request))


def unread_notices(request: HttpRequest) -> int:
    """`nourx_unread_notices(request)` → how many notices the person has not opened."""
    return sum(_gather("nourx_unread_notices", request))


def team_addresses(client_id: int) -> list[str]:
    """`nourx_team_addresses(client_id)` → addresses of the team that follow a client."""
    return list(dict.fromkeys(_gather("nourx_team_addresses", client_id)))


def brand(request: HttpRequest | None) -> Brand | None:
    """`nourx_brand(request)` → the name, logo and colours of the agency; None: for a mail."""
    return next(iter(_gather("nourx_brand", request)), None)


def site_links(request: HttpRequest) -> list[Link]:
    """`nourx_site_links(request)` → links at the head of public pages."""
    return list(_gather("nourx_site_links", request))


def footer_links(request: HttpRequest) -> list[Link]:
    """`nourx_footer_links(request)` → links at the foot of public and sign-in pages."""
    return list(_gather("nourx_footer_links", request))


def team_figures(request: HttpRequest) -> list[TeamFigure]:
    """`nourx_team_figures(request)` → figures of the team's home page."""
    figures = list(_gather("nourx_team_figures", request))
    values = count_those([figure.value for figure in figures])
    kept = [replace(one, value=value) for one, value in zip(figures, values, strict=True)]
    return sorted((one for one in kept if one.value != 0), key=lambda figure: figure.order)


def client_timeline(client: Any) -> list[TimelineEntry]:
    """`nourx_client_timeline(client)` → the whole history of a client, for the team."""
    return sorted(_gather("nourx_client_timeline", client), key=lambda row: row.at, reverse=True)


def invoice_panels(request: HttpRequest, invoice: Any) -> list[ClientPanel]:
    """`nourx_invoice_panels(request, invoice)` → what stands beside or under an invoice."""
    panels = _gather("nourx_invoice_panels", request, invoice)
    return sorted(panels, key=lambda panel: panel.order)


def invoice_marks() -> dict[str, Any]:
    """`nourx_invoice_marks()` → (name, condition) pairs read with an invoice, to ask less after."""
    return dict(_gather("nourx_invoice_marks"))


def invoice_sections(invoice: Any) -> list[Section]:
    """`nourx_invoice_sections(invoice)` → tables of an invoice's page in the back-office."""
    return list(_gather("nourx_invoice_sections", invoice))


def fiscal_state(paper: Any) -> FiscalState | None:
    """`nourx_fiscal_state(paper)` → where it stands with the tax office; None: not its affair."""
    return next(iter(_gather("nourx_fiscal_state", paper)), None)


def mail_is_held(invoice: Any, payload: dict[str, Any]) -> bool:
    """`nourx_mail_is_held(invoice, payload)` → [True] to keep its mail, owed again later."""
    return any(_gather("nourx_mail_is_held", invoice, payload))


def client_problems(client: Any) -> dict[str, Any]:
    """`nourx_client_problems(client)` → (field, text) pairs that keep a client from being saved."""
    return dict(_gather("nourx_client_problems", client))


def quote_sections(quote: Any) -> list[Section]:
    """`nourx_quote_sections(quote)` → tables of a quote's page in the back-office."""
    return list(_gather("nourx_quote_sections", quote))


def project_sections(project: Any) -> list[Section]:
    """`nourx_project_sections(project)` → tables of a project's page in the back-office."""
    return list(_gather("nourx_project_sections", project))


def invoices_being_paid(invoice_ids: list[int]) -> set[int]:
    """`nourx_invoices_being_paid(invoice_ids)` → those of which a payment is under way."""
    return set(_gather("nourx_invoices_being_paid", invoice_ids)) if invoice_ids else set()


def proof_state(proof: Any) -> list[str]:
    """`nourx_proof_state(proof)` → how what a signed code proves stands now, in sentences."""
    return list(_gather("nourx_proof_state", proof))


def linked_services(visitor: Any) -> list[LinkedService]:
    """`nourx_linked_services(visitor)` → what the link of a client shows to pay or paid."""
    return list(_gather("nourx_linked_services", visitor))


def personal_data(person: Any) -> list[PersonalData]:
    """`nourx_personal_data(person)` → what each module holds on a person, in the team's view."""
    return list(_gather("nourx_personal_data", person))


def client_sections(client: Any) -> list[Section]:
    """`nourx_client_sections(client)` → tables of a client's page in the back-office."""
    return sorted(_gather("nourx_client_sections", client), key=lambda section: section.order)


def cash_moves(company: Any, unposted: Callable[[str, QuerySet], QuerySet]) -> list[CashMove]:
    """`nourx_cash_moves(company, unposted)` → fees, payouts and cashed cheques not in the books.

    `unposted(kind, rows)` keeps of some rows those that the books do not hold yet: ask it, so that
    each is told once however late it came. Some thousand rows at a time are enough.
    """
    return list(_gather("nourx_cash_moves", company, unposted))


def _gather(name: str, *arguments: Any) -> Iterable[Any]:
    """Call every function of a hook. Each returns a list; None means nothing to add."""
    for function in hooks.get_hooks(name):
        yield from function(*arguments) or ()
