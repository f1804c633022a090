"""What form templates need to know about a field."""

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    PasswordInput,
    RadioSelect,
)
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def kind(field: BoundField) -> str:
    """Tell how a field is laid out: "check", "choices", "password", "file" or "text"."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, PasswordInput):
        return "password"
    return "file" if isinstance(widget, FileInput) else "text"


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the input of a field with our look; Django adds the ARIA of its hint and errors."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return field.as_widget()
    attrs: dict[str, str | bool] = {"class": f"{widget.attrs.get('class', '')} input".strip()}
    if widget.attrs.get("rows") == "10":  # what Django gives when nobody chose
        attrs["rows"] = "4"
    return field.as_widget(attrs=attrs)
