"""What a client writes on a project."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.forms import AttachmentsField
from portal.projects.models.feedback import LONGEST_WORD, DeliverableDecision


class CommentForm(forms.Form):
    """A word on a milestone or on the roadmap, with files."""

    body = forms.CharField(
        label=_("Votre message"),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("Écrire à l’équipe…")}),
    )
    files = AttachmentsField(label=_("Fichiers"))

    def __init__(self, *args: Any, draft: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["data-draft"] = draft
        self.fields["body"].widget.attrs.pop("maxlength", None)  # a long text is told, not cut


class DecisionForm(forms.Form):
    """Approve or refuse one version of a deliverable; a refusal says why."""

    verdict = forms.ChoiceField(choices=DeliverableDecision.Verdict.choices)
    version = forms.IntegerField(min_value=1, max_value=32767)
    comment = forms.CharField(
        label=_("Ce qui doit changer"),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites ce qui ne va pas, pour que nous corrigions.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_approval = self.data.get("verdict") == DeliverableDecision.Verdict.APPROVED
        self.fields["comment"].required = not is_approval


class SurveyForm(forms.Form):
    """Would they recommend us, from 0 to 10, and why."""

    score = forms.TypedChoiceField(
        label=_("Recommanderiez-vous notre travail à un confrère ?"),
        choices=[(str(mark), str(mark)) for mark in range(11)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("0 : pas du tout. 10 : sans hésiter."),
    )
    comment = forms.CharField(
        label=_("Qu’est-ce qui compte le plus dans cette note ?"),
        max_length=LONGEST_WORD,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
