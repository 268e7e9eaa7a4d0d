"""Cases in the search. One document serves the desk and the customer, so it holds subject and public messages only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.events.models import Event
from accounts.text import plain_text
from accounts.viewer import Viewer
from community.cases import policies
from community.cases.models import Case, CaseMessage, CaseStatus
from community.cases.querysets import sees_desk
from search.sources import Card, Document, SearchSource

MOST_TEXT = 20_000


class CaseSource(SearchSource):
    kind = "case"
    label = _("Case")
    label_plural = _("Cases")
    icon = "headphones"
    state_labels = dict(CaseStatus.choices)
    is_offered = False

    def ids(self) -> QuerySet:
        return Case.objects.order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        cases = list(Case.objects.filter(pk__in=ids).for_list())
        said: dict[int, list[str]] = {}
        aloud = CaseMessage.objects.aloud().filter(case__in=cases).order_by("case", "created_at", "pk")
        for case_id, html in aloud.values_list("case_id", "html"):
            said.setdefault(case_id, []).append(plain_text(html))
        return [self._document(case, "\n".join(said.get(case.pk, []))) for case in cases]

    def _document(self, case: Case, text: str) -> Document:
        return Document(
            id=case.pk, title=case.subject, body=text[:MOST_TEXT], audience=tuple(policies.audience(case)),
            state=case.status, author=case.customer.username if case.customer else "",
            created_at=case.created_at, updated_at=case.updated_at, keywords=f"{case.number} {case.serial}",
        )

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        is_desk = sees_desk(viewer)
        cases = Case.objects.visible_to(viewer).filter(pk__in=ids).for_list()
        return {case.pk: self._card(case, is_desk=is_desk) for case in cases}

    def _card(self, case: Case, *, is_desk: bool) -> Card:
        company = (case.organisation.name,) if is_desk and case.organisation else ()
        return Card(
            kind=self.kind, id=case.pk, title=case.subject, url=case.get_absolute_url(), where=case.number,
            where_url=case.get_absolute_url(), state=case.look.tone,
            state_label=str(case.get_status_display()) if is_desk else case.customer_status,
            author=str(case.customer) if case.customer else "", when=case.updated_at, facts=company, icon=self.icon,
        )

    def affected(self, event: Event) -> Iterable[int]:
        if event.name.startswith("case.") and event.target_id:
            return (event.target_id,)
        return ()
