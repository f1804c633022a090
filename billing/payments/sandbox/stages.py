"""The stages of a payment, with the code and words CinetPay has for each."""

from __future__ import annotations

from enum import Enum


class Stage(Enum):
    """Where a payment stands: the check's code, its message, and the status in its data."""

    CREATED = ("201", "CREATED", "CREATED")
    OPENED = ("662", "WAITING_CUSTOMER_PAYMENT", "WAITING_CUSTOMER_PAYMENT")
    CODE_ASKED = ("663", "WAITING_CUSTOMER_OTP_CODE", "WAITING_CUSTOMER_OTP_CODE")
    CODE_WRONG = ("604", "OTP_CODE_ERROR", "PENDING")
    ON_PHONE = ("623", "WAITING_CUSTOMER_TO_VALIDATE", "WAITING_FOR_CUSTOMER")
    AT_BANK = ("638", "SECURE_PAYMENT_WAITING_CONFIRMATION", "PENDING")
    ACCEPTED = ("00", "SUCCES", "ACCEPTED")
    REFUSED = ("627", "TRANSACTION_CANCEL", "REFUSED")
    NO_BALANCE = ("602", "INSUFFICIENT_BALANCE", "REFUSED")
    CARD_REFUSED = ("600", "PAYMENT_FAILED", "REFUSED")
    REVERSED = ("660", "REFUNDED", "REFUNDED")

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def message(self) -> str:
        return self.value[1]

    @property
    def status(self) -> str:
        return self.value[2]

    @property
    def notified_word(self) -> str:
        """What `cpm_error_message` says of this stage."""
        return self.status if self is Stage.ON_PHONE else self.message


WAITING = frozenset({Stage.CODE_ASKED, Stage.CODE_WRONG, Stage.ON_PHONE, Stage.AT_BANK})
PAYABLE = frozenset({Stage.CREATED, Stage.OPENED})
REFUSALS = frozenset({Stage.REFUSED, Stage.NO_BALANCE, Stage.CARD_REFUSED})
SILENT = frozenset({Stage.CREATED, Stage.OPENED})  # changes nobody is notified of
