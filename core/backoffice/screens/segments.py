"""Segments and categories of clients, and putting many clients in one at once."""

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.accounts import services
from core.accounts.models import Client, ClientCategory, ClientTag
from core.backoffice import menu
from core.backoffice.bulk import RecordBulkChange
from core.backoffice.columns import PlainColumn
from core.backoffice.viewsets import RecordViewSet
from core.desk.undo import declare_undo

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


def _set_tags(client: Client, keys: list[int], actor: Any) -> None:
    """Put a client in exactly these segments; one that is gone since is left out."""
    here = {tag.pk: tag for tag in client.tags.all()}
    for tag in ClientTag.objects.filter(pk__in=set(keys) - set(here)):
        services.tag_client(client=client, tag=tag, actor=actor)
    for key in set(here) - set(keys):
        services.untag_client(client=client, tag=here[key], actor=actor)


declare_undo(
    "client_tags",
    model=Client,
    read=lambda client: sorted(client.tags.values_list("pk", flat=True)),
    put_back=_set_tags,
)


class TagMany(RecordBulkChange):
    """Put clients in a segment."""

    models = [Client]
    action_type = "segmenter"
    display_name = _("Mettre dans un segment")
    aria_label = _("Mettre les clients choisis dans un segment")
    form_class = TagForm
    undo_kind = "client_tags"

    def change(self, record: Any, actor: Any, **values: Any) -> None:
        services.tag_client(client=record, actor=actor, **values)


class UntagMany(TagMany):
    """Take clients out of a segment."""

    action_type = "desegmenter"
    display_name = _("Retirer d’un segment")
    aria_label = _("Retirer les clients choisis d’un segment")

    def change(self, record: Any, actor: Any, **values: Any) -> None:
        services.untag_client(client=record, actor=actor, **values)


for _bulk in (TagMany, UntagMany):
    hooks.register("register_bulk_action", _bulk)
menu.add("commercial", ClientCategoryViewSet, order=88)
menu.add("commercial", ClientTagViewSet, order=90)
