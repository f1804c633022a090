"""A local run gives each provider its stand-in, unless real keys are given."""

from nourx_site.local.environment import local_variables


def variables(**given):
    return local_variables({}, given, port=8000, sandbox_port=8001)


def test_every_provider_has_a_stand_in():
    made = variables()

    assert made["STRIPE_API_BASE"] == "http://127.0.0.1:8001/stripe"
    assert made["WAVE_BASE_URL"] == "http://127.0.0.1:8001/wave"
    assert made["ORANGE_MONEY_BASE_URL"] == "http://127.0.0.1:8001/orange"
    assert made["WAVE_API_KEY"] == "bac-a-sable-wave"


def test_keys_that_are_given_go_to_the_real_provider():
    made = variables(STRIPE_SECRET_KEY="une-cle")

    assert made["STRIPE_SECRET_KEY"] == "une-cle"
    assert "STRIPE_API_BASE" not in made
    assert "STRIPE_WEBHOOK_SECRET" not in made
    assert made["WAVE_BASE_URL"] == "http://127.0.0.1:8001/wave"
