"""Acts on several opportunities at once."""

from typing import Any

from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.backoffice.bulk import RecordBulkAction
from portal.crm import services
from portal.crm.models import Opportunity
from portal.crm.screens.actions import OwnerForm


class AssignMany(RecordBulkAction):
    """Give opportunities to somebody: what a person who leaves was following, for instance."""

    models = [Opportunity]
    permission = "change"
    action_type = "confier"
    display_name = _("Confier à…")
    aria_label = _("Confier les opportunités choisies")
    template_name = "core/backoffice/bulk_form.html"
    form_class = OwnerForm

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "owner": self.cleaned_form.cleaned_data["owner"]}

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        """Give each opportunity to the person chosen, one service call each."""
        actor = kwargs["self"].request.user
        for row in objects:
            services.assign_opportunity(opportunity=row, owner=kwargs["owner"], actor=actor)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        text = ngettext(
            "%(count)s opportunité confiée.", "%(count)s opportunités confiées.", num_parent_objects
        )
        return text % {"count": num_parent_objects}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            action=self, refused=_text("Vous ne pouvez pas changer :"), **kwargs
        )
