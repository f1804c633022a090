"""Two people edit the same client."""

from core.accounts.models import Client

CLIENTS = "/admin/snippets/accounts/client/"


def test_the_second_writer_is_told_who_saved_and_loses_nothing(
    make_client, form_of, as_owner, as_manager
):
    client = make_client()
    address = f"{CLIENTS}edit/{client.pk}/"
    as_owner.post(address, form_of(client, phone="07 00 00 00 01"))

    page = as_manager.post(address, form_of(client, phone="07 00 00 00 02")).content.decode()

    assert "Awa Koné a enregistré cette fiche" in page
    assert 'value="07 00 00 00 02"' in page
    assert "« 07 00 00 00 01 »" in page
    assert Client.objects.get(pk=client.pk).phone == "07 00 00 00 01"


def test_saving_again_knowingly_replaces_it(make_client, form_of, as_owner, as_manager):
    client = make_client()
    address = f"{CLIENTS}edit/{client.pk}/"
    as_owner.post(address, form_of(client, phone="07 00 00 00 01"))
    as_manager.post(address, form_of(client, phone="07 00 00 00 02"))

    as_manager.post(address, form_of(client, phone="07 00 00 00 02", version=2))

    assert Client.objects.get(pk=client.pk).phone == "07 00 00 00 02"
    assert Client.objects.get(pk=client.pk).version == 3


def test_a_forgotten_version_is_an_old_one(make_client, form_of, as_manager):
    client = make_client()

    as_manager.post(f"{CLIENTS}edit/{client.pk}/", form_of(client, name="Autre", version=""))

    assert Client.objects.get(pk=client.pk).name == "Akwaba Distribution"


def test_each_save_counts_one_version(make_client, form_of, as_manager):
    client = make_client()

    as_manager.post(f"{CLIENTS}edit/{client.pk}/", form_of(client, city="Bouaké"))

    assert Client.objects.get(pk=client.pk).version == 2
