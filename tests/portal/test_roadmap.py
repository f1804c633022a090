"""The chart of a roadmap: where bars begin, how far they go."""

from datetime import date

import pytest
from django.urls import reverse

from portal.projects import roadmap
from portal.projects.models import Milestone

TODAY = date(2026, 11, 20)


def step(title="Maquettes", first=None, last=None, status="upcoming", release=""):
    return Milestone(title=title, start_date=first, due_date=last, status=status, release=release)


def plain(row):
    return row.place.label.replace("\u00a0", " ")


def only_row(*steps):
    return roadmap.chart_of(steps, TODAY).versions[0].rows[0]


def test_the_chart_covers_whole_months():
    chart = roadmap.chart_of([step(first=date(2026, 9, 7), last=date(2027, 1, 15))], TODAY)

    assert (chart.first, chart.last) == (date(2026, 9, 1), date(2027, 1, 31))
    assert chart.columns == 39  # 153 days, four to a column
    assert [mark.label for mark in chart.months] == [
        "Sept. 2026", "Oct.", "Nov.", "Déc.", "Janv. 2027",
    ]  # fmt: skip


def test_months_fill_the_chart_without_a_hole():
    chart = roadmap.chart_of([step(first=date(2026, 9, 7), last=date(2027, 1, 15))], TODAY)

    following = [mark.column + mark.span for mark in chart.months]

    assert [mark.column for mark in chart.months[1:]] == following[:-1]
    assert following[-1] == chart.columns + 1


def test_a_bar_goes_from_its_first_day_to_its_last():
    row = only_row(step(first=date(2026, 11, 1), last=date(2026, 11, 30)))

    assert (row.place.column, row.place.span) == (1, 30)
    assert plain(row) == "1er au 30 nov."


def test_today_stands_in_its_column_or_nowhere():
    now = roadmap.chart_of([step(first=date(2026, 11, 1), last=date(2026, 11, 30))], TODAY)
    past = roadmap.chart_of([step(first=date(2025, 1, 1), last=date(2025, 2, 1))], TODAY)

    assert now.today.column == 20
    assert past.today is None


@pytest.mark.parametrize(
    ("first", "last"), [(None, date(2026, 11, 12)), (date(2026, 11, 12), None)]
)
def test_a_single_date_is_a_diamond(first, last):
    row = only_row(step(first=first, last=last))

    assert row.is_point
    assert (row.place.column, row.place.span) == (12, 1)


def test_a_bar_too_short_for_its_text_has_none():
    chart = roadmap.chart_of(
        [
            step(first=date(2026, 1, 5), last=date(2026, 1, 6)),
            step(first=date(2026, 1, 1), last=date(2026, 12, 31)),
        ],
        TODAY,
    )

    assert [plain(row) for row in chart.versions[0].rows] == ["", "1er janv. au 31 déc."]


@pytest.mark.parametrize(
    ("status", "label", "shape"),
    [
        ("review", "À valider par vous", "review"),
        ("active", "Jusqu’au 30 nov.", "now"),
        ("done", "1er au 30 nov.", "done"),
        ("upcoming", "1er au 30 nov.", "next"),
    ],
)
def test_a_bar_says_where_its_milestone_stands(status, label, shape):
    row = only_row(step(first=date(2026, 11, 1), last=date(2026, 11, 30), status=status))

    assert (plain(row), row.shape) == (label, shape)


def test_versions_keep_the_order_of_the_roadmap():
    day = date(2026, 11, 12)
    steps = [step("A", last=day, release="v1"), step("B", last=day, release="v2")]

    assert [version.name for version in roadmap.chart_of(steps, TODAY).versions] == ["v1", "v2"]


def test_ten_years_still_fit_in_forty_columns():
    chart = roadmap.chart_of([step(first=date(2020, 1, 1), last=date(2030, 12, 31))], TODAY)

    assert chart.columns <= 40
    assert len(chart.months) <= 8
    assert chart.versions[0].rows[0].place.span == chart.columns


def test_without_a_date_there_is_no_chart():
    assert roadmap.chart_of([step()], TODAY) is None
    assert roadmap.chart_of([], TODAY) is None


# --- Filters ---------------------------------------------------------------------------------


def kept(response):
    groups = response.context["groups"]
    return [step.milestone.title for group in groups for step in group["steps"]]


@pytest.fixture
def road(project, make_milestone, in_days):
    make_milestone(project, "Cadrage", status="done", release="v1.0", due_date=in_days(-40))
    make_milestone(
        project, "Maquettes", status="review", release="v1.0", sort_order=1,
        due_date=in_days(-2), delivers=[("Panier", "submitted")],
    )  # fmt: skip
    make_milestone(
        project, "Accepté", status="review", release="v1.0", sort_order=2,
        due_date=in_days(-1), delivers=[("Charte", "approved")],
    )  # fmt: skip
    make_milestone(
        project, "Boutique", status="active", release="v1.1", sort_order=3, due_date=in_days(20)
    )
    make_milestone(project, "Retard", status="active", sort_order=4, due_date=in_days(-9))
    make_milestone(project, "Ouverture", sort_order=5)
    return reverse("projects:roadmap", args=[project.pk])


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        ("a-venir", ["Ouverture"]),
        ("en-cours", ["Boutique", "Retard"]),
        ("a-valider", ["Maquettes"]),
        ("livre", ["Cadrage", "Accepté"]),
        ("en-retard", ["Maquettes", "Retard"]),
        ("inconnu", ["Cadrage", "Maquettes", "Accepté", "Boutique", "Retard", "Ouverture"]),
    ],
)
def test_a_filter_leaves_the_milestones_of_one_state(state, titles, road, acme_owner, client_of):
    response = client_of(acme_owner).get(f"{road}?statut={state}")

    assert kept(response) == titles


def test_the_filters_count_and_keep_their_address(road, acme_owner, client_of):
    response = client_of(acme_owner).get(f"{road}?statut=en-retard")

    filters = response.context["filters"]
    assert [(row["key"], row["count"]) for row in filters] == [
        ("", 6), ("a-venir", 1), ("en-cours", 2), ("a-valider", 1), ("livre", 2), ("en-retard", 2),
    ]  # fmt: skip
    assert [row["key"] for row in filters if row["is_current"]] == ["en-retard"]
    assert f'href="{road}?statut=en-retard" aria-current="page"' in response.content.decode()


def test_the_chart_shows_what_the_filter_leaves(road, acme_owner, client_of):
    chart = client_of(acme_owner).get(f"{road}?statut=en-retard").context["chart"]

    rows = [row for version in chart.versions for row in version.rows]
    assert [(row.milestone.title, row.is_late) for row in rows] == [
        ("Maquettes", True),
        ("Retard", True),
    ]


def test_the_roadmap_of_all_projects_filters_them_together(
    road, acme, rival, acme_owner, make_project, make_milestone, client_of, in_days
):
    make_milestone(make_project(acme, "Livreurs"), "Tournées", status="active")
    make_milestone(make_project(acme, "Rangé", status="archived"), "Vieux", status="active")
    make_milestone(make_project(rival, "Conteneurs"), "Port", status="active")

    response = client_of(acme_owner).get("/client/feuille-de-route/?statut=en-cours")

    assert kept(response) == ["Boutique", "Retard", "Tournées"]
    assert [group["name"] for group in response.context["groups"]] == [
        "Boutique en ligne",
        "Livreurs",
    ]


def test_a_limited_member_finds_their_project_on_the_roadmap_of_all(
    road, acme, make_project, make_milestone, make_member, client_of
):
    mine = make_project(acme, "Livreurs")
    make_milestone(mine, "Tournées")

    response = client_of(make_member(acme, "project", projects=[mine])).get(
        "/client/feuille-de-route/"
    )

    assert kept(response) == ["Tournées"]


@pytest.mark.parametrize("many", [0, 60])
def test_a_roadmap_of_none_or_sixty_keeps_its_budget(
    many, project, acme_owner, make_milestone, client_of, count_queries
):
    for number in range(many):
        make_milestone(project, f"Jalon {number}", sort_order=number, delivers=[("Doc", "planned")])
    browser = client_of(acme_owner)

    asked = [
        count_queries(browser, address)
        for address in (
            reverse("projects:roadmap", args=[project.pk]),
            reverse("projects:roadmaps"),
            reverse("projects:detail", args=[project.pk]),
        )
    ]

    assert all(count <= 9 for count in asked)
