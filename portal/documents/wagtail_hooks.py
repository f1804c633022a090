"""What documents add elsewhere: the client’s pages, the team’s screens."""

from django.utils.translation import gettext_lazy as _

from core.audit.log import declare

declare(document_deposited=_("Version déposée"), document_saved=_("Document enregistré"))

from portal.documents import admin_screens, portal_hooks  # noqa: E402, F401  register their parts
