"""The tags templates are written with."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template


def drawn(source, **context):
    """Render a piece of template with our tags loaded."""
    loaded = "{% load icons money formats %}" + source
    return Template(loaded).render(Context(context))


def test_an_amount_delegates_to_the_rules_of_money():
    text = drawn("{{ amount|money:'XOF' }}", amount=1_475_000)

    assert text == "1\u202f475\u202f000\u00a0F\u00a0CFA"


def test_a_large_amount_keeps_its_value_for_machines():
    html = drawn("{% money_tag amount 'XOF' 'xl' %}", amount=1_475_000)

    assert html == (
        '<data class="money" data-size="xl" value="1475000">'
        "1\u202f475\u202f000\u00a0<small>F\u00a0CFA</small></data>"
    )


def test_an_amount_with_cents_is_split_before_its_unit():
    html = drawn("{% money_tag amount 'EUR' %}", amount=125_050)

    assert html == '<data class="money" value="125050">1\u202f250,50\u00a0<small>€</small></data>'


def test_a_day_carries_its_exact_date():
    html = drawn("{% day day 'full' %}", day=date(2026, 11, 20))

    assert html == '<time datetime="2026-11-20">vendredi 20 novembre 2026</time>'


def test_a_moment_is_told_in_the_time_of_abidjan():
    at = datetime(2026, 11, 19, 9, 14, tzinfo=UTC)
    now = datetime(2026, 11, 20, 17, 42, tzinfo=UTC)

    html = drawn("{% when at now %}", at=at, now=now)

    assert html == '<time datetime="2026-11-19T09:14+00:00">hier, 9\u00a0h\u00a014</time>'


def test_a_moment_that_is_not_known_is_nothing():
    assert drawn("{% when at %}{{ day|date_long }}", at=None, day=None) == ""


def test_an_icon_is_hidden_from_screen_readers():
    html = drawn("{% icon 'plus' 'size-4' %}")

    assert html == (
        '<svg class="ic size-4" viewBox="0 0 24 24" aria-hidden="true">'
        '<path d="M12 5v14M5 12h14"/></svg>'
    )


def test_an_icon_that_does_not_exist_stops_the_page():
    with pytest.raises(KeyError):
        drawn("{% icon 'plsu' %}")


def test_the_shape_of_a_status_is_drawn_whole():
    html = drawn("{% glyph 'half' %}")

    assert html == (
        '<svg class="gl" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.25"/>'
        '<path class="on" d="M8 4a4 4 0 0 1 0 8z"/></svg>'
    )
