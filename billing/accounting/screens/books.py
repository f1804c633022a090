"""The page of the books: how far they are posted and closed, and the acts on them."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.permissions import register_permission_policy

from billing.accounting.models import Books, FiscalYear
from billing.accounting.policies import KeptSettingsPolicy
from billing.accounting.queries import drafts, find_differences
from billing.accounting.screens import acts
from billing.accounting.services import ensure_books
from core.access.policies import ReadOnlyPolicy
from core.accounts.models import Company
from core.backoffice import menu, pages
from core.backoffice.pages import readable
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.money import format_amount

register_permission_policy(Books, KeptSettingsPolicy(Books))
register_permission_policy(FiscalYear, ReadOnlyPolicy(FiscalYear))


class BooksIndexView(pages.RecordIndexView):
    """With one company, as usual, the menu opens its books at once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        companies = list(Company.objects.order_by("pk")[:2])
        if len(companies) == 1 and not request.GET and not self.results_only:
            books = ensure_books(company=companies[0])
            return redirect(self.inspect_url_name, books.pk)
        return super().get(request, *args, **kwargs)


class BooksViewSet(RecordViewSet):
    """The books of each company."""

    model = Books
    icon = "table"
    menu_label = _("Tenue des comptes")
    index_view_class = BooksIndexView
    ordering = "pk"
    list_display = ["company", "locked_until", "vat_due"]
    copy_view_enabled = False
    inspect_view_fields = [
        "company",
        "locked_until",
        "vat_due",
        "recovers_lost_vat",
        "first_month",
        "starts_on",
        "region",
        "posts_test_money",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("vat_due"),
            FieldPanel("recovers_lost_vat"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("first_month")]),
            FieldPanel("region"),
            FieldPanel("posts_test_money"),
        ]
    )
    actions = (acts.PostEntries, acts.ValidateEntries, acts.MakeExport, acts.RebuildDrafts)

    def get_queryset(self, request: HttpRequest) -> Any:
        return Books.objects.select_related("company")

    def url_after_save(self, record: Books) -> str:
        return reverse(self.get_url_name("inspect"), args=[record.pk])

    def sections(self, record: Books, request: HttpRequest) -> list[Section]:
        return [_waiting_section(record), _year_section(record), _difference_section(record)]


def _waiting_section(books: Books) -> Section:
    rows = drafts(books)
    first = rows.order_by("date").first()
    waiting = [[rows.count(), readable(first.date)]] if first else []
    url = reverse("wagtailsnippets_accounting_journalentry:list") + "?state=draft"
    return Section(
        title=_("À valider"),
        headings=[_("Écritures"), _("La plus ancienne")],
        rows=waiting,
        empty=_("Tout est validé."),
        links=[(_("Voir le brouillard"), url)],
        order=10,
    )


def _year_section(books: Books) -> Section:
    return Section(
        title=_("Exercices"),
        headings=[_("Exercice"), _("Fin"), _("Dernier numéro")],
        rows=[
            [row.year, readable(books.year_end(row.year)), row.last]
            for row in books.years.order_by("-year")
        ],
        empty=_("Aucune écriture n’est validée."),
        order=20,
    )


def _difference_section(books: Books) -> Section:
    """Compare the account of each invoice with what is due on it."""
    currency = books.company.currency
    return Section(
        title=_("Écarts avec la facturation"),
        headings=[_("Facture"), _("En comptabilité"), _("Reste dû")],
        rows=[
            [number, format_amount(held, currency), format_amount(due, currency)]
            for number, held, due in find_differences(books)[:50]
        ],
        empty=_("Aucun : chaque compte client dit ce qui reste dû."),
        order=30,
    )


menu.add("comptabilite", BooksViewSet, order=10)
