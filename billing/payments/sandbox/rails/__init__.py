"""Local stand-ins for Wave, Orange Money, Stripe and CinetPay's newer API.

Each has its own paths in the process of the sandbox, and speaks its provider's protocol as the
gateway must meet it. They share no code with the gateways. One book holds the payments of all,
one page lets a person choose what happens, and the same scenarios are open to tests. What a
provider does not document is a guess here, and nobody may lean on it.
"""

from .book import Book, Rail, RailKeys
from .cinetpay_v1 import CinetPayV1Rail
from .orange import OrangeRail
from .page import RailPages
from .stripe import StripeRail
from .wave import WaveRail

RAILS: tuple[type[Rail], ...] = (CinetPayV1Rail, OrangeRail, StripeRail, WaveRail)

__all__ = ["RAILS", "Book", "Rail", "RailKeys", "RailPages"]
