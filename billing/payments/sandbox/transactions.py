"""A payment as the sandbox remembers it, and its form in a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from .scenarios import Scenario, find_scenario
from .stages import Stage


@dataclass
class Timer:
    """A stage to reach at a moment; with `only_from`, if the payment still stands there."""

    due_at: float
    stage: str
    only_from: list[str] = field(default_factory=list)


@dataclass
class Transaction:
    """One payment: what the merchant asked, what the payer did, what comes next."""

    transaction_id: str
    token: str
    amount: int
    currency: str
    description: str
    notify_url: str
    return_url: str
    created_at: float
    channels: str = "ALL"
    lang: str = "fr"
    metadata: str = ""
    customer: dict[str, str] = field(default_factory=dict)
    stage: Stage = Stage.CREATED
    operator: str = ""
    prefix: str = ""
    phone: str = ""
    operator_id: str = ""
    paid_at: float | None = None
    scenario_key: str = ""
    timers: list[Timer] = field(default_factory=list)
    check_faults: list[int] = field(default_factory=list)
    return_seen: bool = False
    history: list[list] = field(default_factory=list)  # [moment, stage] of each change

    @property
    def scenario(self) -> Scenario | None:
        return find_scenario(self.scenario_key)

    def describe(self) -> dict:
        """Return the payment as plain JSON values."""
        return asdict(self) | {"stage": self.stage.name}


def write_transaction(transaction: Transaction) -> str:
    """Return a payment as text."""
    return json.dumps(transaction.describe())


def read_transaction(text: str) -> Transaction:
    """Return the payment a text describes."""
    values = json.loads(text)
    values["stage"] = Stage[values["stage"]]
    values["timers"] = [Timer(**timer) for timer in values["timers"]]
    return Transaction(**values)
