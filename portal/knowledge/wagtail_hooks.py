"""What the knowledge base adds to the back-office: its screens, its alerts, its search."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, ReadOnlyPolicy, TeamPolicy
from core.audit.log import declare
from core.notify.staff_events import declare_staff_event
from portal.knowledge.models import (
    Article,
    ArticleAddress,
    ArticleVote,
    Category,
    MissedSearch,
)

for _model in (Article, Category):
    register_permission_policy(_model, TeamPolicy(_model))
for _model in (ArticleVote, MissedSearch):
    register_permission_policy(_model, ReadOnlyPolicy(_model))
register_permission_policy(ArticleAddress, ClosedPolicy(ArticleAddress))

declare(
    article_checked=_("Article vérifié"),
    missed_search_closed=_("Recherche sans résultat classée"),
)
for _event, _label in {
    "article_review": _("Un article attend ma relecture"),
    "article_reviewed": _("Mon article est relu"),
}.items():
    declare_staff_event(_event, label=_label, group=_("Base de connaissances"))

from portal.knowledge import (  # noqa: E402  register their parts
    notices,  # noqa: F401
    screens,  # noqa: F401
    team_hooks,  # noqa: F401
)
