"""Passkeys where no browser is: what is asked of it, what is no proof, and whose key it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import pytest
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.events.models import Event
from accounts.factors import services
from accounts.factors.adapter import FactorAdapter
from accounts.models import OutboundEmail, User
from tests.community.moderation.test_races import at_once
from tests.factories.factors import SoftKey, code_of, make_app, make_codes
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


def added(user, key: SoftKey, client: Client) -> Authenticator:
    """The key is the person's, added on its page."""
    options = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]
    client.post(ADD, {"name": "Blue key", "credential": key.adds(options)})
    return Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)


def opens(key: SoftKey, person, path: str = LOGIN, client: Client | None = None) -> bool:
    """Whether a proof of the key lets in."""
    client = client or Client()
    asked = client.get(path, headers=JSON)
    options = asked.json() if path == LOGIN else asked.context["js_data"]
    before = client.session.get("account_authentication_methods")
    client.post(path, {"credential": key.proves(options["request_options"]["publicKey"], person)})
    return client.session.get("account_authentication_methods") != before


def test_key_when_it_was_copied_then_the_second_of_both_is_refused_told_of_and_logged(caplog) -> None:
    mara, key = make_user("mara"), SoftKey(count=4)
    owner = client_of(mara)
    prove(owner)
    added(mara, key, owner)
    assert opens(key, mara) and opens(key, mara)
    stolen = copy.copy(key)
    letters = len(mail.outbox)

    assert opens(stolen, mara), "nothing tells it from the key yet"
    assert not Event.objects.filter(name="user.key_copied").exists() and len(mail.outbox) == letters
    assert not opens(key, mara)

    assert mail.outbox[-1].to == [mara.email] and "“Blue key”" in mail.outbox[-1].body
    assert Event.objects.get(name="user.key_copied").data["said"] == 8
    assert "may be copied: it said 8 after 8" in caplog.text
    stolen.count = 2
    assert not opens(stolen, mara, "/accounts/2fa/webauthn/reauthenticate/", owner)
    assert Event.objects.filter(name="user.key_copied").count() == 2 == len(mail.outbox) - letters
    key.count = 20
    assert opens(key, mara), "who goes on counting is not shut out"


def test_key_when_it_does_not_count_then_it_opens_again_and_again_until_it_once_counted() -> None:
    mara, key = make_user("mara"), SoftKey()
    owner = client_of(mara)
    prove(owner)
    added(mara, key, owner)
    assert opens(key, mara) and opens(key, mara)
    key.count = 0
    assert opens(key, mara)
    key.count = None
    assert not opens(key, mara)


@pytest.mark.django_db(transaction=True)
def test_proof_when_it_is_sent_many_times_at_once_then_it_counts_once_and_nobody_is_told_of_a_copy() -> None:
    mara = make_user("mara")
    owner = client_of(mara)
    prove(owner)
    row = added(mara, SoftKey(count=0), owner)

    spent = at_once([lambda: services.key_spend(row=row, count=7, signature=b"the same")] * 4)

    assert sorted(spent) == [False] * 3 + [True]
    assert not Event.objects.filter(name="user.key_copied").exists()
    assert services.key_spend(row=row, count=8, signature=b"another")


def _app_on(client: Client, user) -> None:
    client.get("/accounts/2fa/totp/activate/")
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})


def _key_off(client: Client, user) -> None:
    row = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    client.post(f"/accounts/2fa/webauthn/keys/{row.pk}/remove/")


#: what a person does to their factors: how, what is recorded, whether other sign-ins end
CHANGES: dict[str, tuple[Callable[[Client, User], object], str, bool]] = {
    "app on": (_app_on, "user.factor_added", True),
    "app off": (lambda client, user: client.post("/accounts/2fa/totp/deactivate/"), "user.factor_removed", True),
    "key on": (lambda client, user: added(user, SoftKey(), client), "user.factor_added", True),
    "key off": (_key_off, "user.factor_removed", True),
    "codes": (lambda client, user: client.post("/accounts/2fa/recovery-codes/generate/"), "user.codes_made", False),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_factor_when_it_changes_then_it_is_told_once_and_together_with_the_change_or_not_at_all(
    change: str, is_killed: bool, settings
) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
    act, event, ends = CHANGES[change]
    mara = make_user("mara")
    client, other = client_of(mara), client_of(mara)
    prove(client)
    make_codes(mara)
    if change in {"app off", "codes"}:
        make_app(mara)
    if change == "key off":
        key_of(mara)
    before = state_of(mara)

    def killed(**kwargs) -> None:
        raise KeyboardInterrupt

    heard = [signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset]
    for signal in heard if is_killed else []:  # where allauth says that it is done, which comes after its commit
        signal.connect(killed, weak=False, dispatch_uid="killed")
    try:
        act(client, mara)
    except KeyboardInterrupt:
        assert is_killed
    finally:
        for signal in heard:
            signal.disconnect(dispatch_uid="killed")

    told = (list(Event.objects.values_list("name", flat=True)), OutboundEmail.objects.count())
    if state_of(mara) == before:
        assert is_killed and told == ([], 0)
        return
    assert told == ([event], 1)
    assert get_user(other).is_authenticated is not ends
    assert is_killed or get_user(client).is_authenticated


def state_of(user) -> list:
    return list(Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", "type"))
