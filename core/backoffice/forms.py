"""Forms of records: two people who edit the same row are told, and nothing typed is lost."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.log_actions import registry as log_registry

from core.models import Versioned
from core.ui.formats import moment


class SecondWriterMixin(forms.Form):
    """Holds the version that was read. A second writer sees who saved and when, then decides.

    The page comes back with what was typed, each differing field shows the saved value, and
    saving again replaces it knowingly.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    instance: Any  # the row of the model form that this goes before
    data: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            return cleaned
        saved = self._saved_row()
        self._next_version = saved.version + 1
        if cleaned.get("version") != saved.version:
            self._tell_second_writer(saved)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is not None:
            self.instance.version = self._next_version
        return super().save(commit)  # type: ignore[misc]

    def _saved_row(self) -> Any:
        """Read the row as it is now, and hold it until the transaction ends."""
        rows = type(self.instance)._base_manager.all()
        if transaction.get_connection().in_atomic_block:
            rows = rows.select_for_update(of=("self",))
        return rows.get(pk=self.instance.pk)

    def _tell_second_writer(self, saved: Any) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(saved.version)
        self.add_error(None, _conflict_text(saved))
        for name in self.changed_data:
            if name in self.cleaned_data and self._differs(name, saved):
                text = _("Valeur enregistrée entre-temps : « %(value)s ».")
                self.add_error(name, text % {"value": _shown(saved, name)})

    def _differs(self, name: str, saved: Model) -> bool:
        if name == "version" or name not in {field.name for field in saved._meta.fields}:
            return False
        return getattr(saved, name) != self.cleaned_data.get(name)


def _conflict_text(saved: Model) -> str:
    entry = log_registry.get_logs_for_instance(saved).select_related("user").first()
    who = entry.user if entry and entry.user else _("Quelqu’un d’autre")
    when = moment(timezone.localtime(entry.timestamp), timezone.localtime()) if entry else ""
    return _(
        "%(who)s a enregistré cette fiche %(when)s, après que vous l’avez ouverte. Votre saisie "
        "est conservée : vérifiez-la, puis enregistrez de nouveau pour la garder."
    ) % {"who": who, "when": when}


def _shown(saved: Model, name: str) -> str:
    display = getattr(saved, f"get_{name}_display", None)
    value = display() if display else getattr(saved, name)
    return "" if value is None else str(value)


def lockable_form(model: type[Model], base: type | None) -> type | None:
    """Return the form class of a model's screens, with the second writer told when it counts."""
    if not issubclass(model, Versioned):
        return base
    base = base or getattr(model, "base_form_class", None) or WagtailAdminModelForm
    if issubclass(base, SecondWriterMixin):
        return base
    return type(f"{model.__name__}Form", (SecondWriterMixin, base), {})
