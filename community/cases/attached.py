"""Messages of cases as places where files stand: a note's file is for the desk alone."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.uploads.places import Place
from accounts.viewer import Viewer
from community.cases.models import CaseMessage
from community.cases.policies import message_audience
from community.cases.querysets import MessageQuerySet


class MessagePlace(Place):
    name = "casemessage"

    def every(self) -> MessageQuerySet:
        return CaseMessage.objects.all()

    def rows(self, viewer: Viewer) -> MessageQuerySet:
        return CaseMessage.objects.visible_to(viewer)

    def audiences(self, ids: Iterable[int]) -> dict[int, frozenset[str]]:
        messages = CaseMessage.objects.filter(pk__in=list(ids)).select_related("case")
        return {message.pk: message_audience(message) for message in messages}
