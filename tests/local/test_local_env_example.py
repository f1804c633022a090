"""`.env.example` names every variable the settings read, and says what it is for."""

import re

from nourx_site.local.places import ROOT

TEST_RUN_ONLY = {
    "PYTEST_XDIST_WORKER",
    "TEST_DATABASE_NAME",
    "TEST_DATABASE_TEMPLATE",
    "TEST_PRIVATE_DIR",
    "TEST_SERVES_STATIC",
}
READ = re.compile(r"""env(?:\.[a-z_]+)?\(\s*"([A-Z0-9_]+)"|environ\.get\("([A-Z0-9_]+)\"""")


def test_every_variable_of_the_settings_is_named():
    settings = "\n".join(path.read_text() for path in (ROOT / "nourx_site/settings").glob("*.py"))
    read = {first or second for first, second in READ.findall(settings)}

    named = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert "DATABASE_URL" in read
    assert read - named - TEST_RUN_ONLY == set()
