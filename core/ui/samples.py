"""What the style guide shows: invented content for each component, no row of the database."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ui.icons import GLYPHS, ICONS


class SampleFiles(forms.FileField):
    """Looks like the field of attachments to its component; takes nothing."""

    most = 3
    limit = _("PDF, image ou ZIP, 25 Mo au plus.")


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


class SampleMessage(forms.Form):
    """A message with files, and the comment of a decision."""

    body = forms.CharField(label=_("Votre message"), widget=forms.Textarea(attrs={"rows": 2}))
    files = SampleFiles(label=_("Fichiers"), required=False)
    comment = forms.CharField(label=_("Ce qui est à revoir"), widget=forms.Textarea)


def sample_content(now: datetime, today: date) -> dict[str, Any]:
    """Return the content of the style guide, with dates around now."""
    yesterday = now - timedelta(days=1)
    return {
        **_first_samples(),
        "now": now,
        "yesterday": yesterday,
        "today": today,
        "message_form": SampleMessage(),
        "notices": _notices(now, yesterday),
        "spaces": [
            {"pk": 1, "name": "Akwaba Distribution", "is_current": True},
            {"pk": 2, "name": "Lagune Textiles", "is_current": False},
        ],
        "card": {"may_move": True, "may_write": True},
        "task": _task(today),
        "statuses": [("todo", _("À faire"), "todo"), ("done", _("Terminé"), "done")],
        "chart": _chart(today),
        "deliverable": _deliverable(yesterday),
        "quarantined": {"file": {"is_open": False, "scan": "infected"}, "number": 1},
        "version": {"file": {"is_open": True, "extension": "zip"}, "number": 1},
        "invoices": [
            {"number": "FAC-2026-0042", "subject": "Boutique en ligne", "amount": 737_500},
            {"number": "FAC-2026-0041", "subject": "Hébergement", "amount": 120_000},
        ],
    }


def _first_samples() -> dict[str, Any]:
    return {
        "form": SampleForm({"subject": "Frais de livraison", "phone": "07 12", "operator": "om"}),
        "icons": sorted(ICONS),
        "glyphs": list(GLYPHS),
        "segments": [{"state": "done"}, {"state": "now", "percent": 60}, {}, {}],
        "steps": [
            {"title": "Demande envoyée", "state": "done", "glyph": "done"},
            {"title": "Votre validation", "state": "now", "glyph": "half"},
            {"title": "Confirmation et reçu", "glyph": "todo"},
        ],
        "tabs": [
            {"key": "overview", "label": "Aperçu", "url": "#apercu"},
            {"key": "tasks", "label": "Tâches", "url": "#taches", "count": 11},
        ],
    }


def _notices(now: datetime, yesterday: datetime) -> list[dict[str, Any]]:
    said = [("À valider : maquette du panier", None, now), ("Paiement reçu", now, yesterday)]
    return [
        {
            "icon": "bell",
            "label": "Projets",
            "notice": {"pk": pk, "text": text, "read_at": read_at, "created_at": at},
        }
        for pk, (text, read_at, at) in enumerate(said, start=1)
    ]


def _task(today: date) -> dict[str, Any]:
    return {
        "pk": 1,
        "title": "Envoyer les photos des 40 produits",
        "project": {"title": "Boutique en ligne"},
        "status": "todo",
        "priority": 3,
        "get_priority_display": _("Haute"),
        "due_date": today - timedelta(days=3),
        "step_count": 4,
        "step_done": 2,
        "comment_count": 1,
        "file_count": 2,
        "assignee": "Aminata Koné",
    }


def _chart(today: date) -> dict[str, Any]:
    def row(title: str, column: int, span: int, shape: str, **more: Any) -> dict[str, Any]:
        milestone = {"pk": 1, "project_id": 1, "title": title}
        place = {"column": column, "span": span}
        return {"milestone": milestone, "place": place, "shape": shape, **more}

    rows = [
        row("Cadrage", 1, 3, "done"),
        row("Boutique", 3, 4, "now"),
        row("Recette", 7, 3, "next"),
        row("Mise en ligne", 11, 1, "next", is_point=True),
    ]
    return {
        "columns": 12,
        "first": today - timedelta(days=30),
        "last": today + timedelta(days=60),
        "months": [{"column": 1, "span": 6, "label": "1"}, {"column": 7, "span": 6, "label": "2"}],
        "versions": [{"name": "Version 1", "rows": rows}],
        "today": {"column": 5},
    }


def _deliverable(at: datetime) -> dict[str, Any]:
    row = {"pk": 1, "round": 2, "submitted_at": at, "status": "submitted", "title": "Maquette"}
    file = {"id": 1, "name": "maquette-panier.pdf", "extension": "pdf", "meta": "1,2 Mo"}
    refused = {"round": 1, "label": _("Refusé"), "who": "Aminata Koné", "at": at}
    return {"row": row, "pieces": [file], "may_decide": True, "verdicts": [refused]}
