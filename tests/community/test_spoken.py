"""What is in another language than its page says so by `lang` (WCAG 3.1.2), wherever a title is shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from accounts.events import worker
from community.cases.services import case_link
from community.forums.services import bookmark_set, topic_mark_duplicate
from community.ideas.models import IdeaStatus
from community.ideas.services import idea_set_status
from search.curation import pin_create
from tests.architecture import tree
from tests.factories.calendar import make_event
from tests.factories.cases import make_case
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import client_of, make_user, viewer
from tests.factories.reviews import make_flag
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space

WORD = "Lampen"  # what every German title here says, and nothing else does
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"title", "script", "style", "textarea", "option"}


class Said(HTMLParser):
    """The texts of a page that hold the word, each with the language that what is around it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if WORD in data and not any(tag in NOT_READ for tag, _lang in self.open):
            self.found.append((" ".join(data.split()), self.open[-1][1] if self.open else ""))


@pytest.mark.django_db
def test_every_page_that_shows_a_title_in_another_language_says_which() -> None:
    staff = make_user("staff", is_superuser=True, is_agent=True, is_manager=True)
    customer = make_user("customer")
    space = make_space(name="Im Keller", language="de", slug="keller")
    shelf, wiki = (make_section(index=index, title="Das Haus", language="de") for index in ("kb", "wiki"))
    topic = make_topic(space=space, author=customer, title="Alle Lampen blinken", body="Warum ist das so?")
    other = make_topic(space=space, author=customer, title="Andere Lampen summen", body="Warum ist das so?")
    reply = make_reply(topic, author=customer, body="Auch das ist nicht gut.")
    idea = make_idea(space=space, title="Lampen mit Uhr", body="Das ist mir wichtig.")
    event = make_event(space=space, title="Lampen zum Ansehen")
    snippet = make_snippet(space=space, title="Lampen schalten")
    article = make_article(shelf, title="Wenn Lampen blinken", body="Dann ist es aus.", summary="Aus.", language="")
    page = make_wiki_page(wiki, title="Liste der Lampen", body="Hier ist sie.")
    bookmark_set(viewer=viewer(customer), post=reply)
    topic_mark_duplicate(viewer=viewer(staff), topic=other, original=topic)
    idea_set_status(viewer=viewer(staff), idea=idea, status=IdeaStatus.PLANNED)
    case = make_case(agent=staff, customer=customer)
    case_link(viewer=viewer(staff), case=case, topic=topic)
    item = make_flag(reply).item
    pin_create(viewer=viewer(staff), text="lamps", kind="topic", object_id=topic.pk)
    worker.drain()

    first = topic.posts.get(number=1).pk
    shown = {
        customer: [
            "/", "/topics/", space.get_absolute_url(), other.get_absolute_url(), topic.get_absolute_url(),
            idea.get_absolute_url(), "/ideas/", "/ideas/roadmap/", "/events/", event.get_absolute_url(), "/snippets/",
            snippet.get_absolute_url(), "/kb/", shelf.get_absolute_url(), article.get_absolute_url(), "/wiki/",
            wiki.get_absolute_url(), page.get_absolute_url(), f"{page.get_absolute_url()}history/", "/bookmarks/",
            "/u/customer/", "/search/?q=blinken", "/search/suggest/?q=alle", case.get_absolute_url(),
            f"/posts/{reply.pk}/edit/", f"/posts/{first}/reactions/",
        ],
        staff: [
            case.get_absolute_url(), f"/moderation/?item={item.pk}", "/search/pins/", f"/t/{topic.pk}/manage/",
            f"/search/why/topic/{topic.pk}/?q=blinken", f"/support/new/?topic={other.pk}",
        ],
    }
    for person, addresses in shown.items():
        client = client_of(person)
        for address in addresses:
            answer = client.get(address, follow=True)
            found = Said(answer.content.decode()).found
            assert answer.status_code == 200 and found, address
            assert {lang for _text, lang in found} == {"de"}, (address, found)
    for address in (topic.get_absolute_url(), article.get_absolute_url(), f"{page.get_absolute_url()}history/"):
        crumbs = client.get(address).content.decode().partition('class="crumbs"')[2].partition("</nav>")[0]
        assert ' lang="de"' in crumbs, address


TITLE = re.compile(r">\s*\{\{ [\w.]*\btitle(?:\|[^}]*)? \}\}")
SAYS = re.compile(r"(?:\|lang|spoken_in:[\w.]+|\|titled(?:_in:[\w.]+)?|told_in:[\w.]+|\.lang)\b[^>]*>(?:<[ab][^>]*>)?$")
ELSEWHERE = {
    "drafts/list.html": "one's own, begun and not told yet where", "components/empty.html": "the page's own words",
    "refused.html": "the page's own words", "knowledge/cms/sections.html": "Wagtail's pages, of staff",
    "search/_similar.html": "told of the whole line", "search/_hit.html": "told of the whole line",
    "components/topic_row.html": "told of the whole line",
}  # fmt: skip


def test_every_template_that_shows_a_title_says_its_language() -> None:
    silent = []
    for room in tree.ROOMS:
        for path in sorted((Path(tree.ROOT) / room).rglob("templates/**/*.html")):
            name = path.as_posix().partition("/templates/")[2]
            for line in path.read_text().splitlines() if name not in ELSEWHERE else ():
                shown = [line[: match.start() + 1] for match in TITLE.finditer(line)]
                silent += [f"{name}: {before[-80:]}" for before in shown if not SAYS.search(before)]
    assert silent == []
