"""The words of a contract that change with the period: {mois}, {année}, {du} and {au}."""

import re

from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from billing.sources.schedule import Period
from core.ui.formats import date_long

VARIABLES = ("mois", "année", "du", "au")
BRACES = re.compile(r"\{([^{}]*)\}")


class UnknownVariable(ValueError):
    """A text has braces around something that is no variable; the message is for the person."""


def check_wording(text: str) -> None:
    """Refuse a text with another variable than ours, or with a brace left alone.

    :raises UnknownVariable: with the first that is wrong.
    """
    for name in BRACES.findall(text):
        if name not in VARIABLES:
            raise UnknownVariable(
                _("« {%(name)s} » n’est pas une variable : %(known)s.")
                % {"name": name, "known": ", ".join(f"{{{each}}}" for each in VARIABLES)}
            )
    if set(BRACES.sub("", text)) & set("{}"):
        raise UnknownVariable(_("Une accolade est ouverte ou fermée seule."))


def fill_wording(text: str, period: Period) -> str:
    """Write a text for a period, in French as every paper is: « Hébergement, janvier 2027 ».

    :raises UnknownVariable: if the text was kept with a variable that is none.
    """
    check_wording(text)
    with translation.override("fr"):
        values = {
            "mois": str(MONTHS[period.start.month]),
            "année": str(period.start.year),
            "du": date_long(period.start),
            "au": date_long(period.end),
        }
    return BRACES.sub(lambda found: values[found[1]], text)
