"""A backup that still holds somebody does not bring them back: they are erased again before the site opens."""

from __future__ import annotations

import io
import shutil
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.erasing import ledger, services
from accounts.viewer import system_viewer
from tests.erasing.world import EMAIL, NAME, USERNAME
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user
from tests.operation.places import empty_place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_first]
WHO = (
    "from accounts.models import User; from community.forums.models import Post; from search.models import Entry\n"
    "from accounts.erasing.models import Erasure\n"
    "print(sorted(User.objects.values_list('username', flat=True)), list(Post.objects.order_by('pk')"
    ".values_list('author__username', 'body')), Entry.objects.filter(title__icontains='quill').count(),"
    " list(Erasure.objects.values_list('state', flat=True)))"
)


def test_restore_when_the_backup_holds_who_was_erased_since_then_they_are_erased_again(tmp_path) -> None:
    mara, ada = make_user(USERNAME, email=EMAIL, display_name=NAME), make_user("ada")
    topic = make_topic(author=mara, title=f"Ask {NAME}", body="Mine")
    make_reply(topic, author=ada, body=f"Hi @{USERNAME}")
    file = tmp_path / "community.tar.gz"
    call_command("backup", str(file), verbosity=0, stdout=io.StringIO())
    services.erasure_ask(viewer=system_viewer(), user=mara)
    services.erase_due(now=timezone.now() + timedelta(days=8), seconds=None)

    with empty_place(tmp_path, "new") as new:
        shutil.copy(ledger.place(), new.folder / ledger.NAME)
        code, said = new.manage("restore", str(file))

        assert code == 0, said
        assert "1 people again" in said
        told = "['ada'] [(None, 'Mine'), ('ada', 'Hi @former-member')] 0 ['done']"
        assert new.python(WHO).strip() == told
