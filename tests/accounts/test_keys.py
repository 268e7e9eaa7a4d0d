"""Passkeys where no browser is: what is asked of it, what is no proof, and whose key it is."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.factors.adapter import FactorAdapter
from tests.factories.factors import SoftKey, make_app
from tests.factories.people import client_of, make_user, prove

pytestmark = pytest.mark.django_db


def shaped(**response: str) -> str:
    """What has the outer form of a proof."""
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response})


#: what no browser sends
NO_PROOF = [
    "", "null", "true", "[]", '"x"', "{", "[" * 5_000, '{"a":' * 3_000, '{"id": 1}', '{"response": []}',
    shaped(), shaped(clientDataJSON="e30", attestationObject="AA"), shaped(clientDataJSON="AA", attestationObject="oA"),
    shaped(clientDataJSON="e30", authenticatorData="AA", signature="AA", userHandle="OTk5OTk5OTk5OTk5OTk5OTk5OTk5"),
    '{"response": {"userHandle": 1}}', '"' + "x" * 50_000 + '"',
]  # fmt: skip
LOGIN, ADD = "/accounts/2fa/webauthn/login/", "/accounts/2fa/webauthn/add/"
JSON = {"Accept": "application/json"}


def key_of(user, name: str = "Blue key") -> Authenticator:
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


def test_challenge_when_asked_for_then_the_name_is_the_sites_and_a_pin_is_required(client, settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://community.example", ["*"]
    first = client.get("/accounts/2fa/webauthn/login/", headers=JSON | {"Host": "evil.example"}).json()
    second = client.get("/accounts/2fa/webauthn/login/", headers=JSON).json()
    options = first["request_options"]["publicKey"]
    assert (options["rpId"], options["userVerification"]) == ("community.example", "required")
    assert options["challenge"] != second["request_options"]["publicKey"]["challenge"]

    mara = client_of(make_user("mara"))
    prove(mara)
    page = mara.get("/accounts/2fa/webauthn/add/").content.decode()
    options = json.loads(page.partition('id="key_options" type="application/json">')[2].partition("</script>")[0])
    assert options["creation_options"]["publicKey"]["rp"] == {"id": "community.example", "name": settings.SITE_NAME}
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert FactorAdapter().get_public_key_credential_rp_entity()["id"] == "localhost"


def test_proofs_when_they_are_none_then_they_are_refused_and_never_a_fault(client) -> None:
    mara = make_user("mara")
    make_app(mara)
    step = Client()
    step.post("/accounts/login/", {"login": mara.email, "password": "correct horse"})
    jonas = client_of(make_user("jonas"))
    prove(jonas)
    for proof in NO_PROOF:
        client.get("/accounts/2fa/webauthn/login/", headers=JSON)
        assert client.post("/accounts/2fa/webauthn/login/", {"credential": proof})["Location"] == "/accounts/login/"
        assert "_auth_user_id" not in client.session
        assert step.post("/accounts/2fa/authenticate/", {"credential": proof}).status_code == 200
        jonas.get("/accounts/2fa/webauthn/add/")
        added = jonas.post("/accounts/2fa/webauthn/add/", {"name": "Key", "credential": proof})
        assert added.status_code == 200 and added.context["form"].errors
        cache.clear()  # ten sign-ins with a key a minute, and five wrong ones of a person, are the most
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 0


def test_keys_of_others_when_opened_then_they_are_not_there_and_names_are_checked() -> None:
    mara, jonas = make_user("mara"), make_user("jonas")
    theirs, client = key_of(mara), client_of(jonas)
    prove(client)
    for act in ("edit", "remove"):
        for ask in (client.get, client.post):
            assert ask(f"/accounts/2fa/webauthn/keys/{theirs.pk}/{act}/", {"name": "x"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Blue key"

    own = key_of(jonas)
    path = f"/accounts/2fa/webauthn/keys/{own.pk}/edit/"
    for name in ("", "x" * 61, "a\u202eb"):
        assert list(client.post(path, {"name": name}).context["form"].errors) == ["name"]
    client.post(path, {"name": " Work  laptop "})
    own.refresh_from_db()
    assert own.data["name"] == "Work laptop"
    assert "Work laptop" in client.get("/accounts/2fa/").content.decode()


def test_key_when_it_signs_in_then_a_proof_counts_once_for_this_site_this_person_and_with_a_pin_alone(client) -> None:
    mara, jonas, key = make_user("mara"), make_user("jonas"), SoftKey()
    owner, other = client_of(mara), client_of(mara)
    prove(owner)
    options = owner.get(ADD).context["js_data"]["creation_options"]["publicKey"]
    key.is_verified = False
    assert owner.post(ADD, {"name": "Key", "credential": key.adds(options)}).context["form"].errors
    key.is_verified = True
    options = owner.get(ADD).context["js_data"]["creation_options"]["publicKey"]
    assert owner.post(ADD, {"name": "Key", "credential": key.adds(options)})["Location"].endswith("/recovery-codes/")
    assert "key was added" in mail.outbox[-1].body and other.get("/settings/").status_code == 302

    def tries(*, person=mara, origin: str = key.origin, is_verified: bool = True) -> str:
        asked = client.get(LOGIN, headers=JSON).json()["request_options"]["publicKey"]
        key.origin, key.is_verified = origin, is_verified
        proof = key.proves(asked, person)
        client.post(LOGIN, {"credential": proof})
        return proof

    for wrong in ({"person": jonas}, {"origin": "https://evil.example"}, {"is_verified": False}):
        tries(**wrong)
        assert "_auth_user_id" not in client.session, wrong
    proof = tries()
    assert client.session["_auth_user_id"] == str(mara.pk)
    assert client.get("/").status_code == 200, "no second step beside it"
    client.post("/accounts/logout/")
    cache.clear()
    client.get(LOGIN, headers=JSON)
    assert client.post(LOGIN, {"credential": proof})["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
