"""Who people are: our companies, our clients, their contacts and the accounts that sign in."""

from core.accounts.models.clients import (
    Client,
    ClientCategory,
    ClientGroupGrant,
    ClientHealth,
    ClientTag,
    Contact,
)
from core.accounts.models.companies import Company, TaxRule, VatCode, VatRate
from core.accounts.models.memberships import Invitation, Membership
from core.accounts.models.privacy import DataExport, ErasureRequest
from core.accounts.models.sign_ins import SignIn
from core.accounts.models.users import User

__all__ = [
    "Client",
    "ClientCategory",
    "ClientGroupGrant",
    "ClientHealth",
    "ClientTag",
    "Company",
    "Contact",
    "DataExport",
    "ErasureRequest",
    "Invitation",
    "Membership",
    "SignIn",
    "TaxRule",
    "User",
    "VatCode",
    "VatRate",
]
