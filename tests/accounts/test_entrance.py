"""The way in and out: verified addresses, signing in, new passwords; nothing tells who has an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.events.models import Event
from accounts.mail import QueuedEmailBackend
from accounts.models import OutboundEmail, User
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "display_name": "Ines Moreau",
    "username": "ines",
    "email": "ines@people.example",
    "password1": "a lamp in the hall",
}


@pytest.fixture(autouse=True)
def _mails_wait_in_their_table(settings):
    """pytest-django puts its own mail box in place of the product's backend; here the real one is meant."""
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"


def test_session_that_began_under_the_earlier_backend_goes_on():
    client = Client()
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/settings/").status_code == 200


def test_wrong_password_is_hashed_once_and_opens_nothing(client, monkeypatch):
    make_user(email="ines@people.example", password="a lamp in the hall")
    hashed = []
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *given: hashed.append(1) or verify(*given))

    client.post("/accounts/login/", {"login": "ines@people.example", "password": "a lamp in the yard"})
    assert (is_signed_in(client), hashed) == (False, [1])

    client.post("/accounts/login/", {"login": "ines@people.example", "password": "a lamp in the hall"})
    assert (is_signed_in(client), hashed) == (True, [1, 1])


class CutOff(QueuedEmailBackend):
    """The process ends before the mail is in its table."""

    def send_messages(self, email_messages):
        raise SystemExit("killed")


def test_sign_up_when_cut_off_before_its_mail_is_kept_then_there_is_no_account_that_nobody_can_enter(client, settings):
    settings.EMAIL_BACKEND = f"{__name__}.CutOff"
    with pytest.raises(SystemExit):
        client.post("/accounts/signup/", SIGN_UP)
    assert not User.objects.filter(username="ines").exists()

    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
    cache.clear()  # an address gets one mail in three minutes
    assert client.post("/accounts/signup/", SIGN_UP).status_code == 302
    assert OutboundEmail.objects.get().recipient == "ines@people.example"


def link_in_mail() -> str:
    """The path of the first link in the latest mail."""
    text = OutboundEmail.objects.order_by("-pk")[0].text
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", text)
    assert found, text
    return found[1]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_up_when_the_mailed_link_is_followed_then_the_person_is_signed_in(client):
    answer = client.post("/accounts/signup/", SIGN_UP, follow=True)
    assert "Look into your mail" in answer.content.decode()
    assert not is_signed_in(client)

    path = link_in_mail()
    assert "Is ines@people.example your address?" in client.get(path).content.decode()
    client.post(path)

    assert is_signed_in(client)
    user = User.objects.get(username="ines")
    assert user.display_name == "Ines Moreau"
    assert Event.objects.filter(name="user.joined", target_id=user.pk).count() == 1
    assert Event.objects.filter(name="user.email_confirmed").count() == 1


def test_sign_up_when_the_link_is_opened_then_nothing_is_confirmed_before_the_click(client):
    client.post("/accounts/signup/", SIGN_UP)
    client.get(link_in_mail())
    assert not User.objects.get(username="ines").emailaddress_set.filter(verified=True).exists()


def test_sign_in_when_the_address_is_not_confirmed_then_the_mail_is_shown_as_needed(client):
    client.post("/accounts/signup/", SIGN_UP)
    answer = client.post("/accounts/login/", {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("username", "ines moreau", "no spaces"),
        ("username", "", "Fill this in"),
        ("email", "ines", "valid email"),
        ("password1", "short", "too short"),
        ("password1", "password", "too common"),
        ("display_name", "", "Fill this in"),
        ("display_name", "I\u202enes", "cannot be shown"),
        ("display_name", "x" * 81, "at most 80"),
        ("display_name", "a\0b", "Null"),
    ],
)
def test_sign_up_when_a_field_is_wrong_then_it_is_named_and_nobody_is_made(client, field, value, says):
    answer = client.post("/accounts/signup/", SIGN_UP | {field: value})
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert says in str(errors[field])
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not User.objects.exists()
    assert not OutboundEmail.objects.exists()


def test_sign_up_when_the_username_is_taken_in_other_letters_then_it_is_named(client):
    make_user("ines")
    answer = client.post("/accounts/signup/", SIGN_UP | {"username": "INES"})
    assert list(answer.context["form"].errors) == ["username"]


def test_sign_up_when_the_address_has_an_account_then_the_page_is_the_same_and_only_the_mail_differs(client):
    fresh = client.post("/accounts/signup/", SIGN_UP, follow=True)
    make_user("mara", email="mara@people.example")
    known = Client().post(
        "/accounts/signup/", SIGN_UP | {"username": "other", "email": "mara@people.example"}, follow=True
    )

    assert known.redirect_chain == fresh.redirect_chain
    assert "Look into your mail" in known.content.decode()
    assert not User.objects.filter(username="other").exists()
    mail = OutboundEmail.objects.get(recipient="mara@people.example")
    assert "already has an account" in mail.text


def test_reset_when_the_address_is_unknown_then_the_page_is_the_same(client):
    make_user("mara", email="mara@people.example")
    known = client.post("/accounts/password/reset/", {"email": "mara@people.example"}, follow=True)
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@people.example"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code == 200
    assert "/password/reset/key/" in OutboundEmail.objects.get(recipient="mara@people.example").text
    assert "/password/reset/key/" not in OutboundEmail.objects.get(recipient="nobody@people.example").text


def test_reset_when_the_link_is_followed_then_the_new_password_signs_in_and_the_link_is_spent(client):
    make_user("mara", email="mara@people.example")
    client.post("/accounts/password/reset/", {"email": "mara@people.example"})
    path = link_in_mail()
    form = client.get(path, follow=True)
    assert "Choose a new password" in form.content.decode()
    client.post(form.redirect_chain[-1][0], {"password1": "a red bicycle bell", "password2": "a red bicycle bell"})

    assert client.login(email="mara@people.example", password="a red bicycle bell")
    assert Event.objects.filter(name="user.password_changed").count() == 1
    assert "no longer works" in Client().get(path, follow=True).content.decode()


def test_sign_in_when_right_then_in_and_out_again(client):
    make_user("mara", email="mara@people.example")
    client.post("/accounts/login/", {"login": "MARA@people.example", "password": "correct horse"})
    assert is_signed_in(client)
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_sign_in_when_wrong_then_known_and_unknown_addresses_get_the_same_words(client):
    make_user("mara", email="mara@people.example")
    pages = [
        client.post("/accounts/login/", {"login": f"{name}@people.example", "password": "wrong"})
        .context["form"]
        .errors.as_text()
        for name in ("mara", "nobody")
    ]
    assert pages[0] == pages[1] != ""


def test_sign_in_when_the_account_is_closed_then_the_page_says_so(client):
    make_user("mara", email="mara@people.example", is_active=False)
    answer = client.post("/accounts/login/", {"login": "mara@people.example", "password": "correct horse"}, follow=True)
    assert not is_signed_in(client)
    assert answer.status_code == 200


def test_sign_in_when_next_is_elsewhere_then_it_stays_here(client):
    make_user("mara", email="mara@people.example")
    answer = client.post(
        "/accounts/login/",
        {"login": "mara@people.example", "password": "correct horse", "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/"


def test_mails_when_the_host_header_lies_then_links_go_to_site_url(client, settings):
    settings.SITE_URL = "https://community.example"
    settings.ALLOWED_HOSTS = ["*"]
    make_user("mara", email="mara@people.example")
    client.post("/accounts/password/reset/", {"email": "mara@people.example"}, headers={"host": "evil.example"})
    text = OutboundEmail.objects.get().text
    assert "https://community.example/accounts/password/reset/key/" in text
    assert "evil.example" not in text


def test_demo_people_when_debug_is_off_then_the_page_names_nobody(client):
    make_user("demo", email="customer@demo.example")
    assert "customer@demo.example" not in client.get("/accounts/login/").content.decode()


def test_demo_people_when_debug_is_on_then_one_click_signs_in(client, settings):
    settings.DEBUG = True
    make_user("demo", email="customer@demo.example", password="demo")
    assert 'value="customer@demo.example"' in client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/", {"login": "customer@demo.example", "password": "demo"})
    assert is_signed_in(client)


def test_mails_page_when_debug_is_off_then_it_is_not_there(client):
    assert client.get("/dev/mails/").status_code == 404


def test_mails_page_when_debug_is_on_then_the_link_can_be_clicked(client, settings):
    settings.DEBUG = True
    client.post("/accounts/signup/", SIGN_UP)
    page = client.get("/dev/mails/").content.decode()
    assert re.search(r'<a href="http://[^"]+/accounts/confirm-email/[^"]+"', page)
