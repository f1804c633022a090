"""The field of a date: a calendar, and what was typed stays as it was typed."""

from typing import Any

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.telepath import register
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.datetime import AdminDateInputAdapter


class DateInput(AdminDateInput):
    """Wagtail's, whose calendar would turn « 31/02 » into the third of March on leaving it."""

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "validateOnBlur": False}


register(AdminDateInputAdapter(), DateInput)
register_form_field_override(models.DateField, override={"widget": DateInput})
