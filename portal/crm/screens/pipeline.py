"""The pipeline: sales as cards, from a lead to a client."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from core.backoffice.boards import MOST_CARDS, Board, Card, Lane
from core.hooks import opportunity_marks
from core.money import format_short
from core.ui.formats import days_until
from portal.crm import queries, services
from portal.crm.figures import sales_figures
from portal.crm.models import Opportunity, PipelineStage
from portal.crm.screens.columns import mark_badge
from portal.crm.screens.follow_ups import FOLLOW_UPS, act_on_follow_up
from portal.crm.screens.forms import staff
from portal.crm.screens.opportunities import DUE, follow_up_is, found_sales

CLOSED_DAYS = 90  # how long won and lost sales stay on the board
NOBODY = "personne"


class PipelineFilter(forms.Form):
    """Which cards the board shows."""

    q = forms.CharField(label=_("Rechercher"), required=False, max_length=200)
    owner = forms.ChoiceField(label=_("Suivie par"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    score_min = forms.IntegerField(label=_("Note de"), required=False, min_value=0, max_value=100)
    score_max = forms.IntegerField(label=_("à"), required=False, min_value=0, max_value=100)
    due = forms.ChoiceField(label=_("Relance"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), str(person)) for person in staff()]
        everybody, nobody = ("", _("Tout le monde")), (NOBODY, _("Personne"))
        self.fields["owner"].choices = [everybody, *people, nobody]
        self.fields["source"].choices = [("", _("Toutes")), *Opportunity.Source.choices]
        self.fields["due"].choices = [("", _("Toutes")), *DUE.items()]

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Keep the opportunities asked for; what makes no sense is left aside."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("owner") == NOBODY:
            rows = rows.filter(Q(owner=None) | Q(owner__is_active=False))
        elif asked.get("owner"):
            rows = rows.filter(owner=asked["owner"])
        if asked.get("source"):
            rows = rows.filter(source=asked["source"])
        if asked.get("score_min") is not None:
            rows = rows.filter(score__gte=asked["score_min"])
        if asked.get("score_max") is not None:
            rows = rows.filter(score__lte=asked["score_max"])
        if asked.get("due"):
            rows = follow_up_is(rows, asked["due"])
        return found_sales(rows, asked.get("q", ""))


class PipelineBoard(Board):
    """Sales by step. A card that is dragged says where it was: nobody moves what moved."""

    model = Opportunity
    page_title = _("Pipeline")
    header_icon = "pick"
    template_name = "portal/crm/pipeline.html"
    refusals = (services.CannotMove, services.FollowUpRefused)
    empty = _(
        "Aucune opportunité ici : notez le premier prospect, puis suivez-le d’étape en étape."
    )

    @property
    def add_url(self) -> str:  # type: ignore[override]
        return reverse("crm_prospect")

    @cached_property
    def header_buttons(self) -> list[Any]:
        listing = reverse("wagtailsnippets_crm_opportunity:list")
        buttons = [
            HeaderButton(str(_("Liste")), url=listing, icon_name="list-ul", priority=20),
            HeaderButton(
                str(_("Relances")), url=reverse("crm_follow_ups"), icon_name="date", priority=30
            ),
        ]
        if self.request.user.has_perm("crm.add_opportunity"):
            buttons.append(
                HeaderButton(
                    str(_("Nouveau prospect")), url=self.add_url, icon_name="plus", priority=10
                )
            )
        return buttons

    @cached_property
    def filter_form(self) -> PipelineFilter:
        return PipelineFilter(self.request.GET)

    @cached_property
    def stages(self) -> list[PipelineStage]:
        return list(PipelineStage.objects.order_by("sort_order", "pk"))

    @cached_property
    def may_change(self) -> bool:
        return self.request.user.has_perm("crm.change_opportunity")

    def rows(self) -> QuerySet[Opportunity]:
        """Return the opportunities of the board: open, or closed these last months."""
        since = timezone.now() - timedelta(days=CLOSED_DAYS)
        rows = Opportunity.objects.filter(Q(closed_at=None) | Q(closed_at__gte=since))
        return self.filter_form.narrow(rows)

    def lanes(self) -> list[Lane]:
        rows = self.rows()
        self.sums = queries.sums_by_stage(rows)
        self.marks = opportunity_marks()
        return [self.lane(stage, rows) for stage in self.stages]

    def lane(self, stage: PipelineStage, rows: QuerySet[Opportunity]) -> Lane:
        """Return a step with its first cards: the most promising, or the latest closed."""
        held = self.sums.get(stage.pk, queries.LaneSum())
        order = ("-closed_at", "-pk") if stage.is_closing else ("-score", "pk")
        found = rows.filter(stage=stage).select_related("client", "owner")
        found = found.defer("client__search_vector", "client__search_norm", "search_vector", "need")
        found = found.annotate(**{mark.name: mark.expression for mark in self.marks})
        listing = reverse("wagtailsnippets_crm_opportunity:list")
        return Lane(
            key=str(stage.pk),
            label=stage.name,
            cards=[self.card(row) for row in found.order_by(*order)[:MOST_CARDS]]
            if held.count
            else [],
            total=held.count,
            limit=stage.limit,
            url=f"{listing}?stage={stage.pk}",
            hint=_lane_hint(stage, held),
            tone=stage.tone,
        )

    def card(self, row: Opportunity) -> Card:
        """Return a sale as a card: for whom, how much, and what is to do next."""
        tone, mark = _urgency(row)
        amount = format_short(row.amount, row.currency) if row.amount is not None else ""
        return Card(
            pk=row.pk,
            title=row.title,
            url=reverse("wagtailsnippets_crm_opportunity:inspect", args=[row.pk]),
            lines=[
                str(row.client),
                " · ".join(filter(None, [amount, _text("note %s") % row.score])),
                _next_line(row),
                str(row.owner) if row.owner else _text("Sans responsable"),
                *(mark_badge(one, row) for one in self.marks),
                self._buttons(row),
            ],
            tone=tone,
            mark=mark,
            seen=row.version,
            may_move=self.may_change,
        )

    def _buttons(self, row: Opportunity) -> Any:
        is_due = row.follow_up_date is not None and row.follow_up_date <= timezone.localdate()
        if row.is_closed or not is_due or not self.may_change:
            return ""
        context = {"row": row, "acts": FOLLOW_UPS, "action": self.request.get_full_path()}
        return render_to_string("portal/crm/parts/follow_up.html", context, request=self.request)

    def move(self, record: Any, *, to: str, seen: str, after: int | None, actor: Any) -> None:
        if to in FOLLOW_UPS:
            act_on_follow_up(record, to, due=self.request.POST.get("due", ""), actor=actor)
            return
        stage = next((one for one in self.stages if str(one.pk) == to), None)
        if stage is None:
            raise services.CannotMove(
                _text("Cette étape n’existe plus : voici les étapes du jour.")
            )
        try:
            services.move_opportunity(
                opportunity=record, to=stage, actor=actor, at=timezone.now(), seen=seen
            )
        except services.ReasonNeeded as refusal:
            url = reverse("wagtailsnippets_crm_opportunity:perdre", args=[record.pk])
            link = format_html('<a href="{}">{}</a>', url, _text("Donner le motif"))
            raise services.CannotMove(format_html("{} {}", refusal.message, link)) from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter_form=self.filter_form, **kwargs)
        weighted = queries.forecast(self.stages, self.sums)
        context["forecast"] = [format_short(amount, code) for code, amount in weighted.items()]
        context["figures"] = sales_figures(timezone.now())
        return context


def _lane_hint(stage: PipelineStage, held: queries.LaneSum) -> str:
    amounts = " + ".join(format_short(amount, code) for code, amount in held.amounts)
    if stage.is_closing:
        since = _text("depuis %s jours") % CLOSED_DAYS
        return " · ".join(filter(None, [amounts, since]))
    return " · ".join(filter(None, [amounts, _text("probabilité %s %%") % stage.probability]))


def _urgency(row: Opportunity) -> tuple[str, str]:
    if row.is_closed:
        return "", ""
    if row.owner is not None and not row.owner.is_active:
        return "bad", _text("Compte du responsable fermé")
    if row.follow_up_date is None:
        return "", ""
    today = timezone.localdate()
    if row.follow_up_date < today:
        return "bad", _text("Relance en retard")
    return ("warn", _text("À relancer aujourd’hui")) if row.follow_up_date == today else ("", "")


def _next_line(row: Opportunity) -> str:
    if row.is_closed:
        return ""
    if row.follow_up_date is None:
        return _text("Aucune relance prévue")
    when = days_until(row.follow_up_date, timezone.localdate())
    return _text("Relance %(when)s : %(step)s") % {
        "when": when, "step": row.next_step or _text("reprendre contact")
    }  # fmt: skip
