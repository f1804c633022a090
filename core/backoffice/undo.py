"""Offering « Annuler » after an act, and doing it. How an act is undone: core.desk.undo."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.desk.models import UndoRecord
from core.desk.undo import TooLate, undo_act

MOST_NAMED = 5


def offer(request: HttpRequest, text: Any, kept: UndoRecord | None, *, back: str = "") -> None:
    """Say that an act is done, with a button that takes it back when something was kept.

    `back` is the page to come back to once it is taken back.
    """
    buttons = []
    if kept is not None:
        url = f"{reverse('nourx_undo', args=[kept.token])}?{urlencode({'retour': back})}"
        buttons.append(messages.button(url, _text("Annuler")))
    messages.success(request, str(text), buttons=buttons)


class UndoView(WagtailAdminTemplateMixin, TemplateView):
    """Asks, then takes back an act of the person; each row that changed since stays."""

    template_name = "core/backoffice/undo.html"
    page_title = _("Annuler")
    header_icon = "rotate"
    help_slug = "confort"

    @cached_property
    def kept(self) -> UndoRecord:
        """What the act changed; nobody else’s."""
        mine = UndoRecord.objects.filter(user=self.request.user)
        return get_object_or_404(mine, token=self.kwargs["token"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.kept
        is_over = kept.undone_at is not None or kept.until < timezone.now()
        return super().get_context_data(kept=kept, is_over=is_over, back=self._back(), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            outcome = undo_act(kept=self.kept, actor=request.user, at=timezone.now())
        except TooLate:
            messages.error(request, _text("Trop tard : cet acte ne s’annule plus."))
            return redirect(self._back())
        if outcome.done:
            text = ngettext("%(n)s ligne remise.", "%(n)s lignes remises.", outcome.done)
            messages.success(request, text % {"n": outcome.done})
        if outcome.refused:
            named = ", ".join(outcome.refused[:MOST_NAMED])
            text = _text("Laissé tel quel, car modifié depuis ou hors de vos droits : %(names)s")
            more = " …" if len(outcome.refused) > MOST_NAMED else ""
            messages.warning(request, text % {"names": named + more})
        return redirect(self._back())

    def _back(self) -> str:
        asked = self.request.POST.get("retour") or self.request.GET.get("retour", "")
        is_ours = url_has_allowed_host_and_scheme(asked, {self.request.get_host()})
        return asked if asked and is_ours else reverse("wagtailadmin_home")
