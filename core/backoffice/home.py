"""The home page of the back-office: the team's figures, gathered from every app."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from core.hooks import team_figures


class FiguresPanel(Component):
    """What is due, late, received, abnormal: each figure leads to the rows behind it."""

    name = "nourx_figures"
    template_name = "core/backoffice/figures.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"figures": team_figures(parent_context["request"])}
