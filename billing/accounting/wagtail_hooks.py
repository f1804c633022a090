"""What the books add elsewhere: names of acts, screens of the team, entries of invoices."""

from django.utils.translation import gettext_lazy as _

from billing.accounting import screens  # noqa: F401  registers them
from core.audit import log

log.declare(
    entries_validated=_("Écritures validées"),
    entries_rebuilt=_("Brouillard recalculé"),
    export_made=_("Export comptable demandé"),
    export_cancelled=_("Export comptable annulé"),
    export_downloaded=_("Export comptable téléchargé"),
)
