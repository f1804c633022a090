"""The panels of drafts, the same for quotes and invoices."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList

LINE = [
    FieldPanel("label", classname="nx-line__label"),
    FieldRowPanel(
        [
            FieldPanel("quantity"),
            FieldPanel("unit"),
            FieldPanel("unit_price", heading=_("Prix unitaire")),
            FieldPanel("vat_rate"),
        ]
    ),
    FieldRowPanel(
        [FieldPanel("discount_percent"), FieldPanel("discount_amount"), FieldPanel("section")]
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
            FieldRowPanel(
                [FieldPanel("currency"), FieldPanel("exchange_rate"), FieldPanel("company")]
            ),
        ],
        heading=_("Document"),
    )


def line_panels(*own: Any) -> ObjectList:
    """Return the tab of the lines, of what is taken off their sum, and of the other taxes.

    `own` are panels of a line that only this kind of paper has.
    """
    return ObjectList(
        [
            FieldPanel(
                "price_includes_vat",
                heading=_("Les prix unitaires sont toutes taxes comprises"),
            ),
            InlinePanel("lines", label=_("ligne"), heading=_("Lignes"), panels=[*LINE, *own]),
            FieldRowPanel([FieldPanel("discount_percent"), FieldPanel("discount_amount")]),
            FieldRowPanel([FieldPanel("withheld_rule"), FieldPanel("added_rule")]),
        ],
        heading=_("Lignes"),
    )


def text_panels(*own: Any) -> ObjectList:
    """Return the tab of the texts around the lines."""
    return ObjectList([*own, FieldPanel("notes")], heading=_("Textes"))
