"""Second factors: set up, asked for at every door, each code once, and lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.factors import letters, sealing, services
from accounts.models import User
from accounts.services import token_create
from tests.community.moderation.test_races import at_once
from tests.factories.factors import code_of, make_app, make_codes
from tests.factories.people import client_of, make_user, prove, viewer

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
WRONG = "not the right code"
SETTINGS = "/accounts/2fa/"


def begins(user: User, *, address: str = "127.0.0.1") -> Client:
    """The password is given, and the second step asked for."""
    client = Client(REMOTE_ADDR=address)
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def steps(client: Client, code: str) -> str:
    """The second step: the page that it answers with, empty when it let in."""
    return unescape(client.post("/accounts/2fa/authenticate/", {"code": code}).content.decode())


@pytest.mark.django_db(transaction=True)
def test_app_when_set_up_then_codes_are_shown_once_others_are_signed_out_and_nothing_lies_open() -> None:
    mara = make_user("mara")
    client, other = client_of(mara), client_of(mara)
    assert "reauthenticate" in client.get("/accounts/2fa/totp/activate/")["Location"]
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = "".join(re.search(r'secret-once"[^>]*>([A-Z2-7 ]+)<', page)[1].split())  # type: ignore[index]
    assert "issuer=Northlight%20Community" in unescape(page)
    assert secret not in str(Session.objects.get(pk=client.session.session_key).get_decoded())

    assert WRONG in client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    code = code_of(secret)
    shown = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    codes = re.findall(r"<code>(\d{8})</code>", shown.content.decode())

    assert len(codes) == 10 and f"{codes[0]}%0A" in shown.content.decode()
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert not any(code in again for code in codes)
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403
    assert is_in(client) and not is_in(other)
    assert not [row for row in Authenticator.objects.all() if secret in str(row.data)]
    assert "app was set up" in mail.outbox[-1].body
    assert Event.objects.get(name="user.factor_added").data == {"kind": "totp"}
    assert WRONG in steps(begins(mara), code)


def test_sign_in_when_there_is_an_app_then_each_code_opens_once_whatever_the_cache_forgets() -> None:
    mara = make_user("mara")
    secret, codes = make_app(mara), make_codes(mara)
    client = begins(mara)
    assert not is_in(client)
    now, after = code_of(secret), code_of(secret, ahead=1)

    for used in (after, codes[3]):
        assert steps(client, used) == "" and is_in(client)
        cache.clear()
        client = begins(mara)
        assert WRONG in steps(client, used) and not is_in(client)
    assert WRONG in steps(client, now), "older than one that was used"
    assert steps(client, codes[4]) == "" and is_in(client)
    assert "8 left" in client.get(SETTINGS).content.decode()
    assert "8 are left" in mail.outbox[-1].body and mail.outbox[-1].to == [mara.email]
    assert [event.data["left"] for event in Event.objects.filter(name="user.recovery_code_used")] == [9, 8]


def test_recovery_code_when_killed_before_it_is_told_of_then_it_is_not_spent(monkeypatch) -> None:
    mara = make_user("mara")
    make_app(mara)
    code, client = make_codes(mara)[0], begins(mara)

    def killed(*args) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(letters, "tell_code_used", killed)
        steps(client, code)
    assert not Event.objects.filter(name="user.recovery_code_used").exists()

    assert steps(begins(mara), code) == "" and "9 are left" in mail.outbox[-1].body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_code_when_six_send_it_at_once_then_it_opens_to_one(kind: str) -> None:
    mara = make_user()
    code = code_of(make_app(mara)) if kind == "totp" else make_codes(mara)[0]
    row = Authenticator.objects.get(type=kind)

    assert sorted(at_once([lambda: services.code_spend(row=row, code=code)] * 6)) == [False] * 5 + [True]


def test_wrong_codes_when_five_were_tried_then_the_right_one_has_to_wait_from_wherever_it_comes() -> None:
    mara, jonas = make_user("mara"), make_user("jonas")
    secret, of_jonas = make_app(mara), make_app(jonas)
    for number in range(5):
        assert WRONG in steps(begins(mara, address=f"203.0.113.{number + 1}"), f"00000{number}")

    assert "Wait five minutes" in steps(begins(mara, address="203.0.113.99"), code_of(secret))
    client = begins(jonas)
    assert steps(client, code_of(of_jonas)) == "" and is_in(client)


def test_new_password_by_mail_when_there_is_an_app_then_the_code_is_asked_for_all_the_same(client) -> None:
    mara = make_user("mara")
    make_app(mara)
    client.post("/accounts/password/reset/", {"email": mara.email})
    path = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "a red bicycle bell", "password2": "a red bicycle bell"})
    assert "A new password was chosen" in mail.outbox[-1].body and not is_in(client)

    answer = client.post("/accounts/login/", {"login": mara.email, "password": "a red bicycle bell"})
    assert answer["Location"] == "/accounts/2fa/authenticate/" and not is_in(client)
    assert client.post("/accounts/reauthenticate/", {"password": "a red bicycle bell"}).status_code == 302
    assert not is_in(client)


GRAVE = {
    "/accounts/email/": {"action_add": "1", "email": "other@people.example"},
    "/accounts/password/change/": {"oldpassword": PASSWORD, "password1": "a red bell!", "password2": "a red bell!"},
    "/settings/tokens/": {"scopes": ["read"]},
    "/settings/erase/": {"posts": "keep"},
    "/settings/data/": {},
    "/accounts/2fa/totp/deactivate/": {},
    "/accounts/2fa/recovery-codes/generate/": {},
}


def test_grave_changes_when_there_is_an_app_then_password_and_code_are_asked_for_anew() -> None:
    mara = make_user("mara")
    secret, codes = make_app(mara), make_codes(mara)
    client = client_of(mara)
    for path, fields in GRAVE.items():
        answer = client.post(path, fields, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/reauthenticate/?next="), path
        assert "Type your password and a code" in answer.content.decode()

    alone = client.get("/accounts/2fa/reauthenticate/", {"next": "/settings/erase/"})
    assert alone["Location"].startswith("/accounts/reauthenticate/"), "a code alone is not enough"
    for given in ({"password": PASSWORD}, {"code": codes[0]}, {"password": "wrong", "code": codes[0]}):
        assert client.post("/accounts/reauthenticate/", given).status_code == 200
    assert not Event.objects.exists()
    assert "password1" not in str(Session.objects.get(pk=client.session.session_key).get_decoded())
    both = {"password": PASSWORD, "code": codes[0], "next": "/settings/erase/"}
    assert client.post("/accounts/reauthenticate/", both)["Location"] == "/settings/erase/"
    assert client.get("/settings/erase/").status_code == 200
    client.post("/accounts/email/", GRAVE["/accounts/email/"])
    assert mara.emailaddress_set.filter(email="other@people.example").exists(), "a second factor does not forbid it"

    _row, token = token_create(viewer=viewer(mara), user=mara, scopes=["read", "write", "private"])
    api = Client(headers={"Authorization": f"Bearer {token}"})
    for path, right in (("export", codes[1]), ("erasure", code_of(secret))):
        for code, status in (("", 400), (codes[0], 400), (right, 202)):
            body = {"posts": "keep", "password": PASSWORD} | ({"code": code} if code else {})
            answer = api.post(f"/api/v1/me/{path}", body, content_type="application/json")
            assert answer.status_code == status, answer.content
            assert status == 202 or list(answer.json()["errors"]) == ["code"]


def test_closed_account_when_there_is_an_app_then_the_password_alone_gives_no_copy_of_its_data(client) -> None:
    mara = make_user("mara", is_active=False)
    secret = make_app(mara)
    answer = client.post("/accounts/login/", {"login": mara.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/closed/" and client.get("/account-closed/").status_code == 404
    assert WRONG in client.post("/accounts/2fa/closed/", {"code": "000000"}).content.decode()
    assert client.get("/account-closed/").status_code == 404 == Client().get("/accounts/2fa/closed/").status_code

    assert client.post("/accounts/2fa/closed/", {"code": code_of(secret)})["Location"] == "/account-closed/"
    assert client.get("/account-closed/").status_code == 200 and not is_in(client)


def test_app_when_turned_off_then_its_codes_and_the_recovery_codes_end_and_a_mail_tells(client) -> None:
    mara = make_user("mara")
    secret, codes = make_app(mara), make_codes(mara)
    client, other = client_of(mara), client_of(mara)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "code": code_of(secret)})

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists() and is_in(client) and not is_in(other)
    assert "turned off" in mail.outbox[-1].body
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD, "code": codes[0]}).status_code == 302


def test_command_when_it_removes_then_sign_ins_end_it_is_told_and_recorded_and_admins_alone_may(capsys) -> None:
    mara = make_user("mara")
    make_app(mara), make_codes(mara)
    client = client_of(mara)
    call_command("second_factor", mara.email)
    assert "totp: made" in capsys.readouterr().out
    with pytest.raises(NotAllowed):
        services.factors_remove(viewer=viewer(make_user(is_moderator=True)), user=mara)

    call_command("second_factor", "MARA", "--remove")

    assert not Authenticator.objects.exists() and not is_in(client)
    assert "taken away" in mail.outbox[-1].subject and mail.outbox[-1].to == [mara.email]
    event = Event.objects.get(name="user.factors_removed")
    assert (event.target_id, event.data) == (mara.pk, {"kinds": ["recovery_codes", "totp"]})
    assert client.post("/accounts/login/", {"login": mara.email, "password": PASSWORD})["Location"] == "/"
    call_command("second_factor", mara.email, "--remove")
    assert "There was none" in capsys.readouterr().out


def test_secrets_when_the_key_changes_then_the_earlier_one_opens_them_until_they_are_sealed_anew(settings) -> None:
    mara = make_user("mara")
    secret = make_app(mara)
    make_codes(mara)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert services.secrets_renew() == 2 and services.secrets_renew() == 0
    settings.SECRET_KEY_FALLBACKS = []
    client = begins(mara)
    assert steps(client, code_of(secret)) == "" and is_in(client)

    settings.SECRET_KEY = "m" * 50
    assert services.secrets_renew() == 0
    client = begins(mara)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret, ahead=1)})
    assert "can no longer be read" in answer.content.decode() and not is_in(client)
    with pytest.raises(sealing.Unreadable):
        sealing.unseal("plain")


def test_admin_when_opened_then_second_factors_are_not_in_it() -> None:
    client = client_of(make_user(is_superuser=True, is_staff=True))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/mfa/authenticator/").status_code == 404
