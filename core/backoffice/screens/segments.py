"""Segments and categories of clients, and putting many clients in one at once."""

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.accounts import services
from core.accounts.models import Client, ClientCategory, ClientTag
from core.backoffice import menu
from core.backoffice.bulk import RecordBulkAction
from core.backoffice.columns import PlainColumn
from core.backoffice.viewsets import RecordViewSet

for _model in (ClientTag, ClientCategory):
    register_permission_policy(_model, TeamPolicy(_model))


class CountColumn(PlainColumn):
    """How many clients there are, leading to them."""

    def __init__(self, name: str, *, field: str, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.field = field

    def get_value(self, instance: Any) -> Any:
        url = reverse(Client.snippet_viewset.get_url_name("list"))
        return format_html(
            '<a href="{}?{}={}">{}</a>', url, self.field, instance.pk, super().get_value(instance)
        )


class ClientTagViewSet(RecordViewSet):
    """Segments of clients: a client is in as many as one likes."""

    model = ClientTag
    icon = "tag"
    menu_label = _("Segments")
    add_label = _("Nouveau segment")
    ordering = "name"
    list_display = ["name", CountColumn("used", label=_("Clients"), field="tags")]
    search_fields = ["name"]
    bulk_delete_enabled = True
    panels = [FieldPanel("name")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientTag]:
        return ClientTag.objects.annotate(used=Count("client"))


class ClientCategoryViewSet(RecordViewSet):
    """Categories of clients: a client is in one at most."""

    model = ClientCategory
    icon = "list-ul"
    menu_label = _("Catégories")
    add_label = _("Nouvelle catégorie")
    ordering = "name"
    list_display = ["name", CountColumn("used", label=_("Clients"), field="category")]
    search_fields = ["name"]
    panels = [FieldPanel("name")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientCategory]:
        return ClientCategory.objects.annotate(used=Count("clients"))


class TagForm(forms.Form):
    """Which segment."""

    tag = forms.ModelChoiceField(
        label=_("Segment"), queryset=ClientTag.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tag"].queryset = ClientTag.objects.order_by("name")


class TagMany(RecordBulkAction):
    """Put clients in a segment."""

    models = [Client]
    permission = "change"
    action_type = "segmenter"
    display_name = _("Mettre dans un segment")
    aria_label = _("Mettre les clients choisis dans un segment")
    template_name = "core/backoffice/bulk_form.html"
    form_class = TagForm
    act = staticmethod(services.tag_client)

    def get_execution_context(self) -> dict[str, Any]:
        tag = self.cleaned_form.cleaned_data["tag"]
        return {**super().get_execution_context(), "tag": tag}

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        """Change each client, one service call each; those already so do not count."""
        actor, tag = kwargs["self"].request.user, kwargs["tag"]
        return sum(cls.act(client=row, tag=tag, actor=actor) for row in objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        text = ngettext(
            "%(count)s client changé de segment.",
            "%(count)s clients changés de segment.",
            num_parent_objects,
        )
        return text % {"count": num_parent_objects}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refused = _("Vous ne pouvez pas changer :")
        return super().get_context_data(action=self, refused=refused, **kwargs)


class UntagMany(TagMany):
    """Take clients out of a segment."""

    action_type = "desegmenter"
    display_name = _("Retirer d’un segment")
    aria_label = _("Retirer les clients choisis d’un segment")
    act = staticmethod(services.untag_client)


for _bulk in (TagMany, UntagMany):
    hooks.register("register_bulk_action", _bulk)
menu.add("commercial", ClientCategoryViewSet, order=88)
menu.add("commercial", ClientTagViewSet, order=90)
