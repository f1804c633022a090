"""What documents add elsewhere: the client’s pages, the team’s screens."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, NeverDeletedPolicy, TeamPolicy
from core.access.roles import Grant
from core.audit.log import declare
from core.notify.events import declare_event
from core.notify.staff_events import declare_staff_event
from portal.documents.models import (
    DocumentPack,
    DocumentReading,
    DocumentRequest,
    DocumentVersion,
    PaperTemplate,
    PaperTemplateVersion,
    ProjectDocument,
    RequestChecklist,
    ShareLink,
)

register_permission_policy(ProjectDocument, NeverDeletedPolicy(ProjectDocument))
register_permission_policy(DocumentVersion, NeverDeletedPolicy(DocumentVersion))
register_permission_policy(DocumentRequest, TeamPolicy(DocumentRequest))
register_permission_policy(DocumentReading, ClosedPolicy(DocumentReading))
register_permission_policy(ShareLink, ClosedPolicy(ShareLink))
register_permission_policy(PaperTemplate, NeverDeletedPolicy(PaperTemplate))
register_permission_policy(PaperTemplateVersion, ClosedPolicy(PaperTemplateVersion))
register_permission_policy(RequestChecklist, TeamPolicy(RequestChecklist))
register_permission_policy(DocumentPack, ClosedPolicy(DocumentPack))

declare(
    document_deposited=_("Version déposée"),
    document_saved=_("Document enregistré"),
    document_renamed=_("Document renommé"),
    document_downloaded=_("Document remis"),
    document_requested=_("Document demandé"),
    document_request_saved=_("Demande de document modifiée"),
    document_received=_("Document demandé reçu"),
    document_refused=_("Document reçu refusé"),
    document_restored=_("Version rétablie"),
    document_access_changed=_("Visibilité changée"),
    document_tagged=_("Étiquettes changées"),
    document_moved=_("Document déplacé"),
    document_reminded=_("Client relancé"),
    document_pack_asked=_("Archive demandée"),
    document_pack_taken=_("Archive téléchargée"),
    paper_template_saved=_("Modèle enregistré"),
    paper_written=_("Document créé d’après un modèle"),
    document_link_created=_("Lien de partage créé"),
    document_link_opened=_("Lien de partage ouvert"),
    document_link_revoked=_("Lien de partage coupé"),
)
for name, label in {
    "document_shared": _("Un document est partagé, ou a une nouvelle version"),
    "document_requested": _("Un document vous est demandé"),
    "document_refused": _("Un document envoyé est à renvoyer"),
    "document_reminder": _("Un document attendu vous est rappelé"),
}.items():
    declare_event(name, label=label, group=_("Documents"), grant=Grant.VIEW_PROJECTS)
declare_staff_event(
    "document_pack", label=_("Une archive demandée est prête"), group=_("Documents")
)

from portal.documents import (  # noqa: E402  register their parts
    admin_screens,  # noqa: F401
    client_card,  # noqa: F401
    history,  # noqa: F401
    personal_data,  # noqa: F401
    portal_hooks,  # noqa: F401
    tasks,  # noqa: F401
    team_hooks,  # noqa: F401
)
