"""The timer: above every page while it runs, a page of its own, buttons on each task."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.audit.log import declare
from core.backoffice.actions import RecordAction, add_action
from core.backoffice.dates import DateInput
from portal.projects.models import Task, TimeEntry
from portal.workload.durations import NotADuration, duration_text, minutes_of
from portal.workload.screens.parts import TeamPage
from portal.workload.services import sheets, timers

declare(
    timer_started=_("Chronomètre lancé"),
    timer_dropped=_("Chronomètre abandonné"),
    time_kept=_("Temps noté"),
)


class DurationField(forms.CharField):
    """A duration as people type it: 1:30, 1h30, 90 min, 1,5."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", _("Durée"))
        kwargs.setdefault("help_text", _("Par exemple 1:30, 1h30, 90 min ou 1,5."))
        super().__init__(max_length=20, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return minutes_of(text)
        except NotADuration:
            raise ValidationError(
                _text("Ce n’est pas une durée : écrivez 1:30, 1h30, 90 min ou 1,5.")
            ) from None

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(_text("Dites combien de temps."))


class StopForm(forms.Form):
    """How long it really took, and on what."""

    minutes = DurationField(label=_("Temps passé"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AddTimeForm(forms.Form):
    """Time that was spent, by the clock or in all."""

    on = forms.DateField(label=_("Jour"), widget=DateInput)
    minutes = DurationField()
    began = forms.TimeField(
        label=_("Commencé à"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Facultatif : deux temps à la même heure sont signalés."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    is_billable = forms.BooleanField(label=_("Facturable"), required=False, initial=True)


class StartTimer(RecordAction):
    """Start the timer on a task; the one that ran is stopped and kept."""

    name = "chronometre"
    label = _("Lancer le chronomètre")
    icon_name = "time"
    permission = "view"
    question = _("S’il tourne déjà sur autre chose, ce temps-là est noté d’abord.")
    success = _("Le chronomètre tourne.")

    def perform(self, record: Task, actor: Any) -> None:
        timers.start_timer(task=record, actor=actor, at=timezone.now())

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("projects.add_timeentry")


class AddTime(RecordAction):
    """Note time spent on a task by hand."""

    name = "temps"
    label = _("Noter du temps")
    icon_name = "plus"
    permission = "view"
    success = _("Temps noté.")
    form_class = AddTimeForm

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate(), "is_billable": True}

    def perform(self, record: Task, actor: Any, **values: Any) -> None:
        began, on = values.pop("began"), values["on"]
        start = None
        if began is not None:
            start = timezone.make_aware(datetime.combine(on, began))
        entry = sheets.add_time(
            task=record,
            user=actor,
            started_at=start,
            actor=actor,
            at=timezone.now(),
            **values,
        )
        tell_overlaps(self.request, entry)

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("projects.add_timeentry")


class TimerPage(TeamPage):
    """The timer of the person, and what is done with it."""

    model = TimeEntry
    permission = "add"
    page_title = _("Chronomètre")
    header_icon = "time"
    template_name = "portal/workload/timer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        timer, at = timers.timer_of(self.request.user), timezone.now()
        seconds = timer.seconds(at) if timer else 0
        is_forgotten = timer is not None and timers.is_forgotten(timer, at, timers.rules())
        kwargs.setdefault("form", StopForm())
        return super().get_context_data(
            timer=timer,
            seconds=seconds,
            is_forgotten=is_forgotten,
            ran=duration_text(seconds // 60),
            week_url=reverse("time_week"),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act", "")
        try:
            if act == "dire":
                return self._say(request)
            self._do(act)
        except timers.ForgottenTimer as error:
            messages.warning(request, error.message)
            return redirect("time_timer")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self._back())

    def _do(self, act: str) -> None:
        facts = {"actor": self.request.user, "at": timezone.now()}
        if act == "pause":
            timers.pause_timer(**facts)
        elif act == "reprendre":
            timers.resume_timer(**facts)
        elif act == "abandonner":
            timers.drop_timer(actor=self.request.user)
            messages.success(self.request, _text("Rien n’est gardé de ce chronomètre."))
        elif act == "arreter":
            self._tell(timers.stop_timer(**facts))

    def _say(self, request: HttpRequest) -> HttpResponse:
        form = StopForm(request.POST)
        if not form.is_valid():
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=422)
        self._tell(timers.stop_timer(actor=request.user, at=timezone.now(), **form.cleaned_data))
        return redirect("time_week")

    def _tell(self, entry: TimeEntry | None) -> None:
        if entry is None:
            messages.info(self.request, _text("Le chronomètre n’avait rien compté."))
            return
        text = _text("%(time)s noté sur « %(what)s ».")
        facts = {"time": duration_text(entry.minutes), "what": entry.task or entry.project}
        messages.success(self.request, text % facts)
        tell_overlaps(self.request, entry)

    def _back(self) -> str:
        """Return the page the person came from, of this site."""
        asked = self.request.POST.get("next", "")
        host = self.request.get_host()
        is_ours = url_has_allowed_host_and_scheme(asked, {host}) and asked.startswith("/admin/")
        return asked if is_ours else reverse("time_timer")


def tell_overlaps(request: HttpRequest, entry: TimeEntry) -> None:
    """Say which other times of the person were at the same hours."""
    others = [str(row.task or row.project) for row in sheets.overlaps_of(entry)[:3]]
    if others:
        text = _text("À vérifier : ce temps recouvre celui de %(others)s.")
        messages.warning(request, text % {"others": ", ".join(others)})


@hooks.register("nourx_admin_bar")
def timer_bar(request: HttpRequest) -> list[SafeString]:
    """Show the timer that runs above every page. One query."""
    if not request.user.has_perm("projects.add_timeentry"):
        return []
    timer = timers.timer_of(request.user)
    if timer is None:
        return []
    at = timezone.now()
    hours = timer.seconds(at) // timers.HOUR
    context = {
        "timer": timer,
        "seconds": timer.seconds(at),
        "is_long": not timer.is_paused and hours >= 10,
        "page": reverse("time_timer"),
        "here": request.get_full_path(),
    }
    return [render_to_string("portal/workload/timer_bar.html", context, request)]


@hooks.register("register_admin_urls")
def timer_address() -> list[Any]:
    return [path("temps/chronometre/", TimerPage.as_view(), name="time_timer")]


for _action in (StartTimer, AddTime):
    add_action(Task, _action)
