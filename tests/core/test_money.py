"""What an amount becomes when it is rounded, shared, written, said and read."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money

AMOUNTS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("4.5", 5),
        ("-4.5", -5),
        ("2.5", 3),
        ("0.5", 1),
        ("0.4999999999999999999999999999999999999", 0),
        ("541.62", 542),
        ("9999999999999999999999999999999999.5", 10**34),
        ("0", 0),
    ],
)
def test_halves_are_rounded_away_from_zero(value, rounded):
    assert money.round_half_up(Decimal(value)) == rounded


def test_a_fraction_is_rounded_without_being_cut_first():
    assert money.round_half_up(Fraction(1, 3)) == 0
    assert money.round_half_up(Fraction(-2, 3)) == -1


@given(st.fractions())
def test_rounding_is_the_same_on_both_sides_of_zero(value):
    assert money.round_half_up(-value) == -money.round_half_up(value)
    assert abs(money.round_half_up(value) - value) <= Fraction(1, 2)


def test_major_units_become_minor_units():
    assert money.round_money(Decimal("33.335"), "EUR") == 3334
    assert money.round_money(Decimal("1475000"), "XOF") == 1475000
    assert money.round_money(100 * Fraction("655.957"), "XOF") == 65596
    assert money.to_major(12345, "EUR") == Decimal("123.45")
    assert money.to_major(12345, "XOF") == Decimal("12345")


@pytest.mark.parametrize("code", ["XOF", "XAF", "GNF", "KMF", "RWF", "JPY"])
def test_these_currencies_have_no_minor_unit(code):
    assert money.get_currency(code).scale == 1
    assert money.round_money(1000, code) == 1000


def test_an_unknown_currency_is_refused():
    with pytest.raises(money.UnknownCurrency, match="BTC"):
        money.format_amount(1, "BTC")


@pytest.mark.parametrize(
    "act",
    [
        lambda: money.round_half_up(1.5),
        lambda: money.round_money(1.5),
        lambda: money.format_number(1.5),
    ],
)
def test_a_float_is_refused(act):
    with pytest.raises(TypeError, match="never a float"):
        act()


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10_000, [33_333, 33_333, 33_333], [3_334, 3_333, 3_333]),
        (8_000, [99_999, 50_001, 10_001], [5_000, 2_500, 500]),
        (-10_000, [33_333, 33_333, 33_333], [-3_334, -3_333, -3_333]),
        (7, [0, 1, 0], [0, 7, 0]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_a_total_is_shared_by_the_largest_remainder(total, weights, shares):
    assert money.split_amount(total, weights) == shares


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1).filter(sum))
def test_shares_add_up_and_are_within_one_unit_of_the_exact_part(total, weights):
    shares = money.split_amount(total, weights)

    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_sharing_upon_nothing_or_less_is_refused(weights):
    with pytest.raises(ValueError, match=r"weights|nothing"):
        money.split_amount(5, weights)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1_475_000, "XOF", "1\u202f475\u202f000\u00a0F\u00a0CFA"),
        (0, "XOF", "0\u00a0F\u00a0CFA"),
        (999, "XAF", "999\u00a0F\u00a0CFA"),
        (-25_000, "XOF", "\u221225\u202f000\u00a0F\u00a0CFA"),
        (123_456, "EUR", "1\u202f234,56\u00a0€"),
        (5, "EUR", "0,05\u00a0€"),
        (-5, "EUR", "\u22120,05\u00a0€"),
        (100, "USD", "1,00\u00a0$US"),
        (1_500_000, "GNF", "1\u202f500\u202f000\u00a0GNF"),
    ],
)
def test_an_amount_is_written_the_french_way(amount, currency, text):
    assert money.format_amount(amount, currency) == text


def test_short_forms_and_figures():
    assert money.format_short(1_475_000) == "1\u202f475\u202f000\u00a0F"
    assert money.format_short(123_456, "EUR") == "1\u202f234,56\u00a0€"
    assert money.format_figure(1_250_000) == "1\u202f250\u202f000"
    assert money.format_price(Decimal("0.35")) == "0,35"
    assert money.format_price(Decimal("3333"), "EUR") == "33,33"
    assert money.format_price(Decimal("3333.5"), "EUR") == "33,335"
    assert money.format_percent(Decimal("18.00")) == "18\u00a0%"
    assert money.format_percent(Decimal("7.50")) == "7,5\u00a0%"
    assert money.format_number(Decimal("2.750")) == "2,75"
    assert money.format_number(Decimal("1E+3")) == "1\u202f000"


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (0, "XOF", "zéro franc CFA"),
        (1, "XOF", "un franc CFA"),
        (2, "XOF", "deux francs CFA"),
        (80, "XOF", "quatre-vingts francs CFA"),
        (1_475_000, "XOF", "un million quatre cent soixante-quinze mille francs CFA"),
        (1_000_000, "XOF", "un million de francs CFA"),
        (2_000_000, "XOF", "deux millions de francs CFA"),
        (2_000_001, "XOF", "deux millions un francs CFA"),
        (3_000_000_000, "XAF", "trois milliards de francs CFA"),
        (-5_000, "XOF", "moins cinq mille francs CFA"),
        (123_456, "EUR", "mille deux cent trente-quatre euros et cinquante-six centimes"),
        (100_000_000, "EUR", "un million d’euros"),
        (101, "EUR", "un euro et un centime"),
        (50, "EUR", "cinquante centimes"),
        (0, "EUR", "zéro euro"),
        (2_101, "GBP", "vingt et une livres sterling et un penny"),
    ],
)
def test_an_amount_is_said_in_french(amount, currency, words):
    assert money.amount_in_words(amount, currency) == words


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1475000", "XOF", 1_475_000),
        ("1 475 000", "XOF", 1_475_000),
        ("1\u202f475\u202f000\u00a0F\u00a0CFA", "XOF", 1_475_000),
        (" 1\u00a0475\u00a0000 FCFA ", "XOF", 1_475_000),
        ("1 475 000 F", "XOF", 1_475_000),
        ("150000 francs CFA", "XOF", 150_000),
        ("5000 xof", "XOF", 5_000),
        ("\u221225 000", "XOF", -25_000),
        ("1 234,56 €", "EUR", 123_456),
        ("12.5", "EUR", 1_250),
        ("12", "EUR", 1_200),
    ],
)
def test_a_typed_amount_is_read(text, currency, amount):
    assert money.parse_amount(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "XOF"),
        ("douze", "XOF"),
        ("1.475.000", "XOF"),
        ("1e6", "XOF"),
        ("12 F CFA", "EUR"),
        ("12 €", "XOF"),
        ("٣٠٠", "XOF"),
        ("NaN", "XOF"),
        ("9" * 400, "XOF"),
    ],
)
def test_a_text_that_is_no_amount_is_refused(text, currency):
    with pytest.raises(money.UnreadableAmount, match="Saisissez un montant"):
        money.parse_amount(text, currency)


def test_more_decimals_than_the_currency_has_are_refused():
    with pytest.raises(money.UnreadableAmount, match="pas de centimes"):
        money.parse_amount("1475000,50", "XOF")
    with pytest.raises(money.UnreadableAmount, match="trop de décimales"):
        money.parse_amount("1,234", "EUR")


@given(AMOUNTS, st.sampled_from(sorted(money.CURRENCIES)))
def test_what_is_written_is_read_back(amount, currency):
    assert money.parse_amount(money.format_amount(amount, currency), currency) == amount
