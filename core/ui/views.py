"""The style guide: every component once, for the team."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ui.icons import GLYPHS, ICONS


class SampleForm(forms.Form):
    """One field of each kind, as the style guide shows them."""

    subject = forms.CharField(label=_("Objet"), help_text=_("En quelques mots."))
    phone = forms.CharField(label=_("Téléphone Mobile Money"), min_length=10)
    kind = forms.ChoiceField(label=_("Type"), choices=[("bug", _("Anomalie"))])
    message = forms.CharField(label=_("Message"), widget=forms.Textarea, required=False)
    password = forms.CharField(label=_("Mot de passe"), widget=forms.PasswordInput)
    file = forms.FileField(label=_("Pièce jointe"), required=False)
    operator = forms.ChoiceField(
        label=_("Moyen de paiement"),
        widget=forms.RadioSelect,
        choices=[("om", "Orange Money"), ("wave", "Wave")],
    )
    agreed = forms.BooleanField(label=_("J’accepte les conditions de ce devis"))


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component, to the team only."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    return render(request, "styleguide.html", styleguide_context())


def styleguide_context() -> dict[str, Any]:
    """Return the sample content of the style guide."""
    now = timezone.now()
    sample = {"subject": "Frais de livraison", "phone": "07 12", "operator": "om"}
    return {
        "form": SampleForm(sample),
        "icons": sorted(ICONS),
        "glyphs": list(GLYPHS),
        "now": now,
        "yesterday": now - timedelta(days=1),
        "segments": [{"state": "done"}, {"state": "now", "percent": 60}, {}, {}],
        "steps": [
            {"title": "Demande envoyée", "state": "done", "glyph": "done", "at": now},
            {"title": "Votre validation", "state": "now", "glyph": "half"},
            {"title": "Confirmation et reçu", "glyph": "todo"},
        ],
        "tabs": [
            {"key": "overview", "label": "Aperçu", "url": "#apercu"},
            {"key": "tasks", "label": "Tâches", "url": "#taches", "count": 11},
        ],
    }
