"""How dates, times, phone numbers, sizes and shares are written, to the character."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.ui import formats

NOW = datetime(2026, 11, 20, 17, 42, tzinfo=UTC)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 13), "13 novembre 2026"),
        (date(2026, 8, 1), "1er août 2026"),
        (date(2027, 2, 28), "28 février 2027"),
    ],
)
def test_a_day_is_written_in_full(day, text):
    assert formats.date_long(day) == text


def test_a_day_is_written_with_its_weekday():
    assert formats.date_full(date(2026, 11, 20)) == "vendredi 20 novembre 2026"


def test_a_near_day_is_written_without_its_year():
    assert formats.date_weekday(date(2026, 11, 18)) == "mercredi 18 novembre"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 24), "24\u00a0nov."),
        (date(2026, 5, 1), "1er\u00a0mai"),
        (date(2026, 8, 9), "9\u00a0août"),
    ],
)
def test_a_day_is_written_in_little_room(day, text):
    assert formats.date_short(day) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 9, 7), date(2026, 9, 25), "7 au 25\u00a0sept."),
        (date(2026, 9, 28), date(2026, 11, 20), "28\u00a0sept. au 20\u00a0nov."),
        (date(2026, 12, 14), date(2027, 1, 8), "14\u00a0déc. 2026 au 8\u00a0janv. 2027"),
        (date(2027, 1, 15), date(2027, 1, 15), "15\u00a0janv."),
    ],
)
def test_a_period_says_no_month_or_year_twice(first, last, text):
    assert formats.date_range(first, last) == text


@pytest.mark.parametrize(
    ("hour", "minute", "text"),
    [(17, 42, "17\u00a0h\u00a042"), (9, 8, "9\u00a0h\u00a008"), (10, 0, "10\u00a0h")],
)
def test_an_hour_is_written_with_an_h(hour, minute, text):
    assert formats.clock_time(datetime(2026, 11, 20, hour, minute, tzinfo=UTC)) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 20, 17, 42, tzinfo=UTC), "à l’instant"),
        (datetime(2026, 11, 20, 17, 30, tzinfo=UTC), "il y a 12\u00a0min"),
        (datetime(2026, 11, 20, 9, 14, tzinfo=UTC), "aujourd’hui, 9\u00a0h\u00a014"),
        (datetime(2026, 11, 19, 9, 14, tzinfo=UTC), "hier, 9\u00a0h\u00a014"),
        (datetime(2026, 11, 21, 10, 0, tzinfo=UTC), "demain, 10\u00a0h"),
        (datetime(2026, 11, 18, 18, 0, tzinfo=UTC), "mercredi 18 novembre, 18\u00a0h"),
        (datetime(2025, 11, 17, 9, 8, tzinfo=UTC), "17 novembre 2025, 9\u00a0h\u00a008"),
    ],
)
def test_a_moment_is_relative_only_when_near(at, text):
    assert formats.moment(at, NOW) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 17), "en retard de 3\u00a0jours"),
        (date(2026, 11, 19), "en retard de 1\u00a0jour"),
        (date(2026, 11, 20), "aujourd’hui"),
        (date(2026, 11, 21), "demain"),
        (date(2026, 11, 27), "dans 7\u00a0jours"),
    ],
)
def test_a_deadline_says_how_far_it_is(day, text):
    assert formats.days_until(day, TODAY) == text


@pytest.mark.parametrize(
    "number", ["0712345678", "+225 07 12 34 56 78", "002250712345678", "07.12.34.56.78"]
)
def test_a_phone_number_is_written_by_pairs(number):
    assert formats.phone(number) == "07\u00a012\u00a034\u00a056\u00a078"


@pytest.mark.parametrize("number", ["+33 6 12 34 56 78", "", "1234"])
def test_a_number_from_elsewhere_is_left_as_it_is(number):
    assert formats.phone(number) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+2250712345645", "07\u00a0••\u00a0••\u00a0••\u00a045"),
        ("0712345645", "07\u00a0••\u00a0••\u00a0••\u00a045"),
        ("1234", "••\u00a0••"),
    ],
)
def test_a_masked_number_shows_its_two_ends(number, text):
    assert formats.masked_phone(number) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1\u00a0octet"),
        (512, "512\u00a0octets"),
        (248_400, "248\u00a0ko"),
        (8_449_000, "8,4\u00a0Mo"),
        (10_000_000, "10\u00a0Mo"),
        (2_500_000_000, "2,5\u00a0Go"),
    ],
)
def test_a_size_is_written_in_thousands_of_thousands(size, text):
    assert formats.file_size(size) == text


@pytest.mark.parametrize(
    ("value", "text"), [(58, "58\u00a0%"), (Decimal("17.50"), "17,5\u00a0%"), (0, "0\u00a0%")]
)
def test_a_share_has_a_comma_and_a_space(value, text):
    assert formats.percent(value) == text


def test_a_number_has_groups_and_no_useless_zero():
    assert formats.decimal(Decimal("-1250.500")) == "−1\u202f250,5"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Aminata Koné", "AK"),
        ("Jean-Marc de Souza", "JS"),
        ("Élodie", "É"),
        ("yao@lagune.test", "YT"),
        ("", "?"),
    ],
)
def test_a_person_has_two_letters(name, letters):
    assert formats.initials(name) == letters
