"""Reports: for whoever may view the rows, with totals, filtered once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from core.access.policies import TeamPolicy
from core.accounts.models import Client
from core.backoffice.reports import RecordReport


class StageFilterSet(WagtailFilterSet):
    class Meta:
        model = Client
        fields = ["stage"]


class ClientsReport(RecordReport):
    model = Client
    slug = "clients-d-essai"
    page_title = "Clients d’essai"
    columns = [Column("name")]
    filterset_class = StageFilterSet
    list_export = ["name"]
    index_url_name = "wagtailsnippets_accounts_client:list"
    index_results_url_name = "wagtailsnippets_accounts_client:list_results"

    def totals(self, rows):
        return [("Clients", rows.count())]


class OnlyLagune(TeamPolicy):
    def narrow(self, user, rows):
        return rows.filter(name="Lagune Transit")


@pytest.fixture
def open_report():
    """Return a function that opens the report as somebody."""

    def show(user, query=""):
        request = RequestFactory().get(f"/{query}")
        request.user = user
        return ClientsReport.as_view()(request)

    return show


def test_shows_totals_of_all_pages(make_client, manager, open_report):
    make_client()
    make_client("Prospect", stage=Client.Stage.PROSPECT)

    context = open_report(manager, "?stage=prospect").context_data

    assert context["totals"] == [("Clients", 1)]
    assert [row.name for row in context["object_list"]] == ["Prospect"]


def test_filters_once(make_client, manager, open_report):
    make_client()

    with CaptureQueriesContext(connection) as queries:
        list(open_report(manager, "?stage=won").context_data["object_list"])

    asked = [query["sql"] for query in queries if '"accounts_client"."stage" = ' in query["sql"]]
    assert [sql.count('"accounts_client"."stage" = ') for sql in asked] == [1] * len(asked)
    assert asked


def test_refuses_whoever_may_not_view_the_rows(make_client, editor, open_report):
    make_client()

    with pytest.raises(PermissionDenied):
        open_report(editor)


def test_counts_only_the_rows_in_reach(make_client, manager, open_report, use_policy):
    make_client()
    make_client("Lagune Transit")
    use_policy(OnlyLagune(Client))

    assert open_report(manager).context_data["totals"] == [("Clients", 1)]
