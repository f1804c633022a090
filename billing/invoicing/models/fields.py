"""Figures as people here write them: « 1 250,5 », with spaces and a comma."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from core.money import format_number


class FigureInput(forms.DecimalField):
    """A number typed with or without spaces, with a comma or a point."""

    def __init__(self, **kwargs: Any):
        kwargs["widget"] = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value


class FigureField(models.DecimalField):
    """A decimal column whose form reads and writes figures the French way."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": FigureInput, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs
