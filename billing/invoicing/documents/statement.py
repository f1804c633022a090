"""A statement of account as it is drawn."""

from dataclasses import dataclass

from billing.invoicing.documents.parties import PartyBlock, Seller
from billing.invoicing.documents.parts import Fact


@dataclass(frozen=True)
class StatementView:
    """Everything a statement shows, in words and figures ready to be read.

    A row is its date, number, label, debit, credit and balance; `number` names the period.
    """

    number: str
    seller: Seller
    buyer: PartyBlock
    thread: tuple[Fact, ...]
    opening: str
    closing: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]
    ages: tuple[tuple[str, str], ...]
    aged_on: str
    due: str
    credit: str = ""
