"""Read-only technical journals, on wagtail-modeladmin: mails sent, jobs, provider notices.

    class OutgoingMailAdmin(ReadOnlyModelAdmin):
        model = OutgoingMail
        menu_label = _("Courriels envoyés")
        menu_icon = "mail"
        base_url_path = "journaux/courriels"
        list_display = ("subject", "state", "created_at")
        list_filter = ("state",)
        search_fields = ("subject",)
        actions = (ResendMail,)             # RecordAction classes, if any

    modeladmin_register(OutgoingMailAdmin)

The rights are asked of the model's policy (register `ReadOnlyPolicy`), as everywhere else.
Do not register the same model as a snippet.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from core.access.row_guard import policy_of
from core.backoffice.actions import RecordAction

LOOKUPS = {"", "exact", "isnull", "gte", "lt"}  # those of the filters beside a list


class JournalIndexView(IndexView):
    """The list of a journal, narrowed by its own filters and by no other field.

    Wagtail's takes any lookup from the address, across relations too: whoever reads the list
    could guess a password's hash or a link letter by letter.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the whole list when the address asks what cannot be looked up."""
        if "%00" in request.GET.urlencode():
            return redirect(request.path)
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return redirect(request.path)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if self._is_offered(name)}

    def _is_offered(self, name: str) -> bool:
        field, _separator, lookup = name.partition("__")
        offered = {row if isinstance(row, str) else row[0] for row in self.list_filter}
        return field in offered and lookup in LOOKUPS


class ReadOnlyRights(PermissionHelper):
    """Nobody writes; whoever may view, by the model's policy, reads."""

    def user_can_list(self, user: Any) -> bool:
        return policy_of(self.model).user_has_permission(user, "view")

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        return policy_of(self.model).user_has_permission_for_instance(user, "view", obj)


class JournalButtons(ButtonHelper):
    """The buttons of a row: inspect, and the actions that the row offers."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, *args, **kwargs)
        for action in self.view.model_admin.actions:
            if action.may(self.request.user, obj):
                buttons.append(
                    {
                        "url": reverse(
                            self.url_helper.get_action_url_name(action.name), args=[obj.pk]
                        ),
                        "label": action.label,
                        "classname": self.finalise_classname(["button-secondary"]),
                        "title": action.label,
                    }
                )
        return buttons


class ReadOnlyModelAdmin(ModelAdmin):
    """A journal in the settings menu: list, search, filters, export, inspect."""

    add_to_settings_menu = True
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    menu_order = 900
    index_view_class = JournalIndexView
    permission_helper_class = ReadOnlyRights
    button_helper_class = JournalButtons
    actions: Sequence[type[RecordAction]] = ()

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        return tuple(super().get_admin_urls_for_registration()) + tuple(
            path(f"{self.base_url_path}/{action.name}/<int:pk>/", self._view(action), name=name)
            for action, name in self._named_actions()
        )

    def _named_actions(self) -> list[tuple[type[RecordAction], str]]:
        name_of = self.url_helper.get_action_url_name
        return [(action, name_of(action.name)) for action in self.actions]

    def _view(self, action: type[RecordAction]) -> Any:
        return action.as_view(
            model=self.model,
            index_url_name=self.url_helper.get_action_url_name("index"),
            inspect_url_name=self.url_helper.get_action_url_name("inspect"),
        )
