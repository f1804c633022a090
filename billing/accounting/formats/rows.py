"""A line of an entry as the formats take it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as day
from typing import NamedTuple


class Row(NamedTuple):
    """A line, with what its entry says. Amounts are in the smallest unit of `Book.currency`."""

    entry_id: int
    journal: str
    number: int
    date: day
    piece: str
    piece_date: day
    due_on: day | None
    label: str
    currency: str
    validated_on: day
    account: str
    account_label: str
    aux: str
    aux_label: str
    debit: int
    credit: int
    foreign: int | None
    lettering: str
    lettered_on: day | None


@dataclass(frozen=True)
class Book:
    """What the files say of the company: its name, its NCC, its journals (use → code, name)."""

    company: str
    ncc: str
    currency: str
    journals: Mapping[str, tuple[str, str]]
