"""Buttons of a record: a page that asks, then one service call.

    class IssueInvoice(RecordAction):
        name = "issue"                          # the address: .../issue/<pk>/
        label = _("Émettre la facture")
        icon_name = "check"
        permission = "issue"                    # the right `issue_invoice`; "act" by default
        question = _("Elle recevra son numéro et ne pourra plus être modifiée.")
        success = _("Facture émise.")
        refusals = {services.CannotIssue: _("Cette facture ne peut pas être émise.")}

        def perform(self, record, actor):
            services.issue_invoice(invoice=record, on=timezone.localdate(), actor=actor)

        @classmethod
        def is_offered(cls, record):
            return record.status == Invoice.Status.DRAFT

With a form, `perform` gets the cleaned values: `perform(self, record, actor, **values)`.
List the classes in `actions` of the viewset. A module further up puts a button on the records
of a model below it with `add_action(Invoice, RecordPayment)`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin

from core.access.row_guard import RowGuard, policy_of


class RecordAction(
    RowGuard, PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView
):
    """A button on a record: offered when the row and the policy allow, confirmed, then done."""

    name = ""
    label: Any = ""
    icon_name = "check"
    permission = "act"
    question: Any = ""
    success: Any = ""
    is_serious = False  # red button: cannot be undone
    is_main = False  # first at the head of the record's page, whichever app it comes from
    is_listed = True  # also in the menu « … » of each row
    form_class: type[forms.Form] = forms.Form
    refusals: Mapping[type[Exception], Any] | tuple[type[Exception], ...] = ()
    default_refusal = _("Rien n’a été fait : la fiche a changé entre-temps.")

    template_name = "core/backoffice/action.html"
    model: type[Model]
    index_url_name = None
    edit_url_name = None
    inspect_url_name = None
    header_icon = ""
    object: Any

    # Each action defines it: the one service call, given (record, actor, **values of the form).
    # What it returns goes to `get_record_url`.
    perform: Callable[..., Any]

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        """Tell whether the act makes sense for this row now."""
        return True

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        """Tell whether the button shows: the row offers it and the policy allows it."""
        policy = policy_of(type(record))
        return cls.is_offered(record) and policy.user_has_permission_for_instance(
            user, cls.permission, record
        )

    @property
    def permission_required(self) -> str:
        return self.permission

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_offered(self.object):
            return self._refuse(self.default_refusal)
        self._require(request.user)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_offered(self.object):
            return self._refuse(self.default_refusal)
        self._require(request.user)
        return super().post(request, *args, **kwargs)

    def _require(self, user: Any) -> None:
        """Refuse whoever is not shown the button: the address alone gives nothing more."""
        if not self.may(user, self.object):
            raise PermissionDenied

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            done = self.perform(self.object, self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        except tuple(self.refusals) as error:  # the classes named by the action
            return self._refuse(self._refusal_text(error))
        if self.success:
            messages.success(self.request, self.get_success_text())
        return redirect(self.get_record_url(done))

    def get_success_text(self) -> str:
        """Return what the person reads once it is done."""
        return str(self.success)

    def get_record_url(self, done: Any = None) -> str:
        """Return where to go afterwards: the page of the record."""
        name = self.inspect_url_name or self.edit_url_name
        if name is None:
            return reverse(self.index_url_name)
        return reverse(name, args=[quote(self.object.pk)])

    def _refusal_text(self, error: Exception) -> Any:
        texts = self.refusals if isinstance(self.refusals, Mapping) else {}
        for kind, text in texts.items():
            if isinstance(error, kind) and text:
                return text
        return getattr(error, "message", "") or self.default_refusal

    def _refuse(self, text: Any) -> HttpResponse:
        messages.error(self.request, text)
        return redirect(self.get_record_url())

    def get_page_title(self) -> Any:
        return self.label

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        opts = self.model._meta
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(opts.verbose_name_plural)},
            {"url": self.get_record_url(), "label": str(self.object)},
            {"url": "", "label": self.label},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            record=self.object, record_url=self.get_record_url(), action=self, **kwargs
        )

    @cached_property
    def button_class(self) -> str:
        """Return the classes of the button that does it."""
        return "button serious" if self.is_serious else "button"


_added: dict[type[Model], list[type[RecordAction]]] = {}


def add_action(model: type[Model], action: type[RecordAction]) -> None:
    """Put a button of another app on the records of a model."""
    _added.setdefault(model, []).append(action)


def added_to(model: type[Model]) -> tuple[type[RecordAction], ...]:
    """Return the buttons that other apps put on the records of a model."""
    return tuple(_added.get(model, ()))
