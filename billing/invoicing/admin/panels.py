"""The panels of drafts, the same for quotes and invoices."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList

LINE = [
    FieldPanel("label", classname="nx-line__label"),
    FieldRowPanel(
        [
            FieldPanel("quantity"),
            FieldPanel("unit_price"),
            FieldPanel("discount_percent"),
            FieldPanel("vat_rate"),
        ]
    ),
    FieldPanel("detail"),
]


def head_panels(*own: Any) -> ObjectList:
    """Return the tab of what the paper is about; `own` are the rows of this kind of paper."""
    return ObjectList(
        [
            FieldRowPanel([FieldPanel("client"), FieldPanel("project")]),
            FieldPanel("subject"),
            *own,
            FieldRowPanel([FieldPanel("currency"), FieldPanel("company")]),
        ],
        heading=_("Document"),
    )


def line_panels() -> ObjectList:
    """Return the tab of the lines and of what is taken off their sum."""
    return ObjectList(
        [
            InlinePanel("lines", label=_("ligne"), heading=_("Lignes"), panels=LINE),
            FieldPanel("discount_percent"),
        ],
        heading=_("Lignes"),
    )


def text_panels(*own: Any) -> ObjectList:
    """Return the tab of the texts around the lines."""
    return ObjectList([*own, FieldPanel("notes")], heading=_("Textes"))
