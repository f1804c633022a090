"""How we sell, as data: the steps of the pipeline, reasons of losses, criteria of scores."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column

from core.backoffice.actions import RecordAction
from core.backoffice.columns import FigureColumn, PlainColumn
from core.backoffice.pages import RecordDeleteView
from core.backoffice.viewsets import RecordViewSet
from portal.crm import services
from portal.crm.models import LossReason, PipelineStage, ScoreCriterion
from portal.crm.screens.forms import CriterionForm, StageForm

MOST_NAMES = 5


class EmptyForm(forms.Form):
    """Where the sales of a step go."""

    to = forms.ModelChoiceField(
        label=_("Les déplacer vers"), queryset=PipelineStage.objects.none(), empty_label=None
    )
    and_delete = forms.BooleanField(label=_("Puis supprimer l’étape"), required=False, initial=True)


class EmptyStage(RecordAction):
    """Bring what stands at a step elsewhere, and do without the step."""

    name = "vider"
    label = _("Déplacer ses opportunités")
    icon_name = "arrow-right-full"
    form_class = EmptyForm
    success = _("Opportunités déplacées.")
    refusals: dict[type[Exception], Any] = {services.CannotMove: ""}
    inspect_url_name = None
    edit_url_name = None

    @classmethod
    def is_offered(cls, record: PipelineStage) -> bool:
        return record.opportunities.exists()

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        same = PipelineStage.objects.filter(is_won=self.object.is_won, is_lost=self.object.is_lost)
        form.fields["to"].queryset = same.exclude(pk=self.object.pk).order_by("sort_order", "pk")
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.question = who_uses(self.object)
        return super().get_context_data(**kwargs)

    def perform(self, record: PipelineStage, actor: Any, **values: Any) -> None:
        services.empty_stage(stage=record, actor=actor, at=timezone.now(), **values)

    def get_record_url(self, done: Any = None) -> str:
        return reverse(self.index_url_name)


def who_uses(stage: PipelineStage) -> str:
    """Return a sentence that says which sales stand at a step."""
    rows = stage.opportunities.select_related("client").order_by("-score", "pk")
    count = rows.count()
    names = ", ".join(f"« {row.title} » ({row.client})" for row in rows[:MOST_NAMES])
    text = ngettext(
        "%(count)s opportunité est à cette étape : %(names)s.",
        "%(count)s opportunités sont à cette étape, dont %(names)s.",
        count,
    )
    return text % {"count": count, "names": names}


class StageDeleteView(RecordDeleteView):
    """A step in use is not deleted: its sales go elsewhere first."""

    viewset: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if refusal := self._refusal():
            messages.error(request, refusal)
            name = "vider" if self.object.opportunities.exists() else "list"
            arguments = [self.object.pk] if name == "vider" else []
            return redirect(reverse(self.viewset.get_url_name(name), args=arguments))
        return super().dispatch(request, *args, **kwargs)

    def _refusal(self) -> str:
        if self.object.opportunities.exists():
            return _text("L’étape sert encore. Choisissez où vont ses opportunités.")
        stage = self.object
        others = PipelineStage.objects.exclude(pk=stage.pk)
        if others.filter(is_won=stage.is_won, is_lost=stage.is_lost).exists():
            return ""
        return _text("C’est la dernière étape de sa nature (en cours, gagnée ou perdue).")


class PipelineStageViewSet(RecordViewSet):
    """The steps of the pipeline, put in order with the mouse or the keyboard."""

    model = PipelineStage
    icon = "list-ol"
    menu_label = _("Étapes commerciales")
    add_label = _("Nouvelle étape")
    ordering = "sort_order"
    sort_order_field = "sort_order"
    delete_view_class = StageDeleteView
    list_display = [
        "name",
        PlainColumn("nature", label=_("Nature"), accessor=lambda row: nature(row)),
        PlainColumn("probability", label=_("Probabilité"), accessor=lambda r: f"{r.probability} %"),
        FigureColumn("limit", label=_("Cartes au plus")),
        Column("get_tone_display", label=_("Couleur")),
        FigureColumn("used", label=_("Opportunités")),
    ]
    search_fields = ["name"]
    inspect_view_enabled = False
    actions = (EmptyStage,)
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("probability"), FieldPanel("limit"), FieldPanel("tone")]),
            FieldRowPanel([FieldPanel("is_won"), FieldPanel("is_lost")]),
        ],
        base_form_class=StageForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PipelineStage]:
        return PipelineStage.objects.annotate(used=Count("opportunities"))

    def new_record(self, request: HttpRequest) -> PipelineStage:
        last = PipelineStage.objects.aggregate(last=Max("sort_order"))["last"]
        return PipelineStage(sort_order=0 if last is None else last + 1)


def nature(stage: PipelineStage) -> str:
    """Say whether sales that come to a step go on."""
    if stage.is_won:
        return _text("Gagnée")
    return _text("Perdue") if stage.is_lost else _text("En cours")


class LossReasonViewSet(RecordViewSet):
    """Why sales are lost."""

    model = LossReason
    icon = "cross"
    menu_label = _("Motifs de perte")
    add_label = _("Nouveau motif")
    ordering = "name"
    list_display = [
        "name",
        BooleanColumn("is_offered", label=_("Proposé")),
        FigureColumn("used", label=_("Opportunités perdues")),
    ]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("is_offered")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LossReason]:
        return LossReason.objects.annotate(used=Count("opportunities"))


class ScoreCriterionViewSet(RecordViewSet):
    """What makes a sale promising."""

    model = ScoreCriterion
    icon = "plus"
    menu_label = _("Critères de note")
    add_label = _("Nouveau critère")
    ordering = "sort_order"
    sort_order_field = "sort_order"
    list_display = [
        "label",
        Column("get_fact_display", label=_("Fait")),
        Column("value", label=_("Valeur")),
        PlainColumn("points", label=_("Points"), classname="nx-number"),
        BooleanColumn("is_active", label=_("Appliqué")),
    ]
    search_fields = ["label"]
    edit_handler = ObjectList(
        [
            FieldPanel("label"),
            FieldRowPanel([FieldPanel("fact"), FieldPanel("value"), FieldPanel("points")]),
            FieldPanel("is_active"),
        ],
        base_form_class=CriterionForm,
    )

    def new_record(self, request: HttpRequest) -> ScoreCriterion:
        last = ScoreCriterion.objects.aggregate(last=Max("sort_order"))["last"]
        return ScoreCriterion(sort_order=0 if last is None else last + 1)

    def saved(self, record: ScoreCriterion, *, actor: Any, is_new: bool) -> None:
        services.rescore_open(on=timezone.localdate())
