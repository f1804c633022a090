"""Whatever colour the agency chooses, what is written with it can be read."""

import pytest

from core.ui.branding import accent_tokens, contrast, stylesheet

COLOURS = ["#1d3fff", "#ff7a00", "#ffd400", "#00a651", "#e4002b", "#0a0a0a", "#7c3aed"]


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#ffffff", "#000000", 21.0), ("#1d3fff", "#ffffff", 6.55), ("#777777", "#777777", 1.0)],
)
def test_contrast_is_the_one_of_wcag(first, second, ratio):
    assert round(contrast(first, second), 2) == ratio


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_white_text_on_a_brand_button_can_be_read(colour, theme):
    tokens = accent_tokens(colour)[theme]

    assert contrast(tokens["--brand"], "#ffffff") >= 4.5
    assert contrast(tokens["--brand-hover"], "#ffffff") >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
def test_links_of_light_pages_can_be_read_on_every_ground(colour):
    tokens = accent_tokens(colour)["light"]

    for ground in ("#ffffff", "#fafafa", "#f4f4f4", tokens["--brand-soft"]):
        assert contrast(tokens["--brand-text"], ground) >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
def test_links_of_dark_pages_can_be_read_on_every_ground(colour):
    tokens = accent_tokens(colour)["dark"]

    for ground in ("#0a0a0a", "#121212", "#1c1c1c", tokens["--brand-soft"]):
        assert contrast(tokens["--brand-text"], ground) >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
def test_the_focus_ring_of_dark_pages_is_seen(colour):
    assert contrast(accent_tokens(colour)["dark"]["--ring"], "#0a0a0a") >= 3


def test_a_readable_colour_is_kept_as_it_is():
    assert accent_tokens("#1d3fff")["light"]["--brand"] == "#1d3fff"


@pytest.mark.parametrize("text", ["1d3fff", "#1d3", "#1d3fgg", "red;}", "", "#1d3fff;"])
def test_what_is_not_a_colour_is_refused(text):
    with pytest.raises(ValueError):
        accent_tokens(text)


def test_the_stylesheet_covers_the_system_and_the_chosen_theme():
    tokens = {"light": {"--brand": "#111111"}, "dark": {"--brand": "#222222"}}

    css = stylesheet(tokens)

    assert css == (
        ":root{--brand:#111111;}"
        '@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){--brand:#222222;}}'
        ':root[data-theme="dark"]{--brand:#222222;}'
    )
