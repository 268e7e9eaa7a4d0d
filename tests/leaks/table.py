"""Every address of the product, and what to ask there. An address without a line makes the leak test fail.

A line is the list of paths to open. `acts.ACTS` are those that change something: they are also posted to, with ids
that the asker may not see. `STAFF_ONLY` prefixes are other people's screens (Wagtail, Django admin).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from django.conf import settings

from tests.leaks.world import COMMON, World

Line = Callable[[World], list[str]]


def each(pattern: str, values: Callable[[World], Iterable]) -> Line:
    """The pattern with every value put in."""
    return lambda world: [pattern.format(*(v if isinstance(v, tuple) else (v,))) for v in values(world)]


def once(*paths: str) -> Line:
    return lambda world: list(paths)


def topics(world: World) -> list[int]:
    return [topic.pk for topic in (*world.topics.values(), *world.ideas.values())]


def slugged(world: World) -> list[tuple[int, str]]:
    shown = (*world.topics.values(), *world.ideas.values(), *world.happenings.values(), *world.snippets.values())
    return [(topic.pk, topic.slug) for topic in shown]


def posts(world: World) -> list[int]:
    return [post.pk for post in world.posts.values()]


def conversations(world: World) -> list[int]:
    return [conversation.pk for conversation in world.conversations.values()]


def keys(world: World) -> list[int]:
    return [row.pk for row in world.keys.values()]


def uploads(world: World) -> list[str]:
    return [upload.key for upload in world.uploads.values()]


def ideas(world: World) -> list[int]:
    return [topic.pk for topic in world.ideas.values()]


def spaces(world: World) -> list[str]:
    return [space.slug for space in world.spaces.values()]


def happenings(world: World) -> list[int]:
    """The topics of kind event."""
    return [topic.pk for topic in world.happenings.values()]


def snippets(world: World) -> list[int]:
    return [topic.pk for topic in world.snippets.values()]


def cases(world: World) -> list[str]:
    return [case.number for case in world.cases.values()]


def reviews(world: World) -> list[int]:
    return [item.pk for item in world.reviews.values()]


def decisions(world: World) -> list[int]:
    return [decision.pk for decision in world.decisions.values()]


def kb(world: World) -> list[tuple[str, str]]:
    return [(page.get_parent().slug, page.slug) for page in world.articles.values()]


def wiki(world: World) -> list[tuple[str, str]]:
    return [(page.get_parent().slug, page.slug) for page in world.pages.values()]


def sections(kind: str) -> Callable[[World], list[str]]:
    return lambda world: [section.slug for name, section in world.sections.items() if name.endswith(kind)]


def tags(world: World) -> list[str]:
    return list(world.tags.values())


def served(world: World) -> list[str]:
    """Every page where Wagtail itself would serve it."""
    pages = [*world.sections.values(), *world.articles.values(), *world.pages.values()]
    paths = [page.url_path.split("/", 2)[-1] for page in pages]
    return [f"/{path}" for path in paths] + [page.url_path for page in pages]


Q = f"?q={COMMON}"
PAGES: dict[str, Line] = {
    "home": once("/", "/?tab=unanswered", "/?tab=solved", "/?tab=top"),
    "accent": once("/accent.css"),
    "security-txt": once("/.well-known/security.txt"),
    "robots-txt": once("/robots.txt"),
    "sitemap-index": once("/sitemap.xml"),
    "sitemap": once("/sitemap-topics.xml", "/sitemap-articles.xml", "/sitemap-wiki.xml"),
    "favicon": once("/favicon.ico"),
    # the operator
    "operation:health": once("/health/"),
    "operation:retry": once("/health/retry/"),
    # people
    "accounts:profile": each("/u/{}/", lambda world: [person.username for person in world.people.values()]),
    "accounts:card": each("/u/{}/card/", lambda world: [person.username for person in world.people.values()]),
    "accounts:people": once(
        "/people/", "/people/?q=person", "/people/?staff=1", "/people/?order=helpful", "/people/?order=helpful-lately",
    ),
    "accounts:settings": once("/settings/"),
    "accounts:avatar-settings": once("/settings/picture/"),
    "accounts:avatar": once("/media/avatars/0123456789012345678901.png"),
    "accounts:tokens": once("/settings/tokens/"),
    "accounts:token-revoke": each("/settings/tokens/{}/revoke/", keys),
    "accounts:theme": once("/settings/look/"),
    "accounts:mails": once("/dev/mails/"),
    "ignoring:list": once("/settings/ignored/"),
    "erasing:ask": once("/settings/erase/"),
    "erasing:take-back": once("/erasure/no-such-link/"),
    "erasing:list": once("/people/erasures/"),
    "takeout:own": once("/settings/data/"),
    "takeout:file": once("/settings/data/no-such-link/"),
    "takeout:closed": once("/account-closed/"),
    "takeout:closed-file": once("/account-closed/no-such-link/"),
    "takeout:list": once("/people/copies/"),
    "ignoring:choice": each("/u/{}/ignore/", lambda world: [person.username for person in world.people.values()]),
    "direct:box": once("/messages/", "/messages/?box=sent", "/messages/?box=archive", f"/messages/{Q}"),
    "direct:start": once("/messages/new/"),
    "direct:unread": once("/messages/unread/"),
    "direct:conversation": each("/messages/{}/", conversations),
    "direct:after": each("/messages/{}/after/?after=0", conversations),
    "direct:act": each("/messages/{}/act/", conversations),
    "drafts:list": once("/drafts/"),
    "uploads:file": each("/files/{}/any.txt", uploads),
    "uploads:smaller": each("/files/{}/m/any.txt", uploads),
    # search
    "search:results": once(
        f"/search/{Q}", f"/search/{Q}&kind=topic", f"/search/{Q}&kind=case", f"/search/{Q}&kind=article",
        f"/search/{Q}&kind=external",
    ),
    "search:suggest": once(f"/search/suggest/{Q}", "/search/suggest/?q="),
    "search:click": once("/search/click/none/topic/1/1/"),
    "search:feed": once(f"/search/feed/{Q}", f"/search/feed/{Q}&kind=idea"),
    "search:saved": once("/search/saved/"),
    "search:saved-tell": once("/search/saved/1/tell/"),
    "search:saved-remove": once("/search/saved/1/remove/"),
    "external:list": once("/search/sources/"),
    "external:readers": once("/search/sources/docs/readers/"),
    "external:remove": once("/search/sources/docs/remove/"),
    "search:recent-forget": once("/search/recent/forget/"),
    "search:pins": once("/search/pins/"), "search:pin-remove": once("/search/pins/1/remove/"),
    "search:synonyms": once("/search/synonyms/", "/search/synonyms/?words=x"),
    "search:synonyms-change": once("/search/synonyms/1/"),
    "search:synonyms-remove": once("/search/synonyms/1/remove/"),
    "search:why": once(f"/search/why/topic/1/{Q}", "/search/why/case/1/?q=x"),
    "search:relevance": once("/search/relevance/"),
    "search:portable": once("/search/settings/"), "search:portable-file": once("/search/settings.json"),
    "search:relevance-undo": once("/search/relevance/undo/"),
    "search:relevance-trial": once("/search/relevance/trials/1/"),
    # forums
    "spaces:index": once("/spaces/"),
    "spaces:create": once("/spaces/new/"),
    "spaces:settings": each("/s/{}/settings/", spaces),
    "spaces:people": each("/s/{}/members/", spaces),
    "spaces:people-act": each("/s/{}/members/act/", spaces),
    "spaces:invitation": once("/invitations/1/", "/invitations/2/"),
    "spaces:invited": once("/invited/no-such-key/"),
    "forums:index": once("/topics/", "/topics/?page=2"),
    "forums:heard": lambda world: ["/topics/heard/?" + "&".join(f"t={pk}" for pk in topics(world))],
    "forums:tag": each("/tags/{}/", tags),
    "forums:tag-mute": each("/tags/{}/mute/", tags),
    "forums:space-mute": each("/s/{}/mute/", spaces),
    "forums:feed": once("/topics/feed/"),
    "forums:space-feed": each("/s/{}/feed/", spaces),
    "forums:tag-feed": each("/tags/{}/feed/", tags),
    "forums:person-feed": each("/u/{}/feed/", lambda world: [person.username for person in world.people.values()]),
    "forums:similar": once(f"/ask/similar/?title={COMMON}", f"/ask/similar/?q={COMMON}"),
    "forums:ask": once("/ask/"),
    "forums:ask-read": lambda world: [f"/ask/read/topic/{pk}/" for pk in topics(world)],
    "forums:questions": once("/questions/", "/questions/?tab=responded", "/questions/?tab=done"),
    "forums:space": each("/s/{}/", spaces),
    "forums:topic-create": each("/s/{}/new/", spaces),
    "forums:reply": each("/t/{}/reply/", topics),
    "forums:posts-after": each("/t/{}/posts/?after=0", topics),
    "forums:related": each("/t/{}/related/", topics),
    "forums:topic-follow": each("/t/{}/follow/", topics),
    "forums:topic-manage": each("/t/{}/manage/", topics),
    "forums:topic-regroup": each("/t/{}/regroup/", topics),
    "forums:bulk-act": once("/topics/act/"),
    "forums:act-undo": once("/topics/acts/1/", "/topics/acts/999/"),
    "forums:topic-help": each("/t/{}/help/", topics),
    "forums:topic-act": each("/t/{}/act/", topics),
    "forums:topic": each("/t/{}/", topics),
    "forums:oembed": lambda world: [
        f"/oembed/?url={quote(settings.SITE_URL + path, safe='')}" for path in each("/t/{}/", topics)(world)
    ],
    "forums:topic-detail": each("/t/{}/{}/", slugged),
    "forums:post": each("/posts/{}/", posts),
    "forums:topic-summary": each("/t/{}/summary/", topics),
    "forums:bookmarks": once("/bookmarks/"),
    "forums:post-bookmark": each("/posts/{}/bookmark/", posts),
    "forums:post-quote": each("/posts/{}/quote/", posts),
    "forums:post-edit": each("/posts/{}/edit/", posts),
    "forums:post-history": each("/posts/{}/history/", posts),
    "forums:post-vote": each("/posts/{}/vote/", posts),
    "forums:post-reactions": each("/posts/{}/reactions/", posts),
    "forums:post-poll": each("/posts/{}/poll/", posts),
    "forums:post-rules": each("/posts/{}/rules/", posts),
    "forums:post-accept": each("/posts/{}/accept/", posts),
    "forums:completions": once(
        f"/write/suggest/?key=@&q={COMMON}", "/write/suggest/?key=%23&q=zq", f"/write/suggest/?key=[[&q={COMMON}",
    ),
    "forums:unfold": lambda world: [
        *(f"/unfold/?u=/t/{pk}/" for pk in topics(world)), *(f"/unfold/?u=/posts/{pk}/" for pk in posts(world)),
        *(f"/unfold/?u=/kb/{section}/{page}/" for section, page in kb(world)),
        *(f"/unfold/?u=/wiki/{section}/{page}/" for section, page in wiki(world)),
    ],
    "forums:preview": once("/preview/"),
    # ideas
    "ideas:board": once("/ideas/", f"/ideas/{Q}", "/ideas/?sort=new", "/ideas/?status=new"),
    "ideas:roadmap": once("/ideas/roadmap/"),
    "ideas:create": once("/ideas/new/"),
    "ideas:similar": once(f"/ideas/similar/?title={COMMON}"),
    "ideas:vote": each("/ideas/{}/vote/", ideas),
    "ideas:status": each("/ideas/{}/status/", ideas),
    "ideas:merge": each("/ideas/{}/merge/", ideas),
    # events
    "calendar:list": lambda world: [
        "/events/", "/events/?when=past", *(f"/events/?space={slug}" for slug in spaces(world)),
    ],
    "calendar:create": once("/events/new/"),
    "calendar:feed": once("/events/feed.ics"),
    "calendar:space-feed": each("/s/{}/events.ics", spaces),
    "calendar:file": each("/events/{}.ics", happenings),
    "calendar:edit": each("/events/{}/edit/", happenings),
    "calendar:cancel": each("/events/{}/cancel/", happenings),
    "calendar:attend": each("/events/{}/attend/", happenings),
    # the code library
    "snippets:list": lambda world: [
        "/snippets/", "/snippets/?sort=used&language=python", *(f"/snippets/?space={slug}" for slug in spaces(world)),
        *(f"/snippets/?tag={tag}" for tag in tags(world)),
    ],
    "snippets:create": once("/snippets/new/"),
    "snippets:edit": each("/snippets/{}/edit/", snippets),
    "snippets:versions": each("/snippets/{}/versions/", snippets),
    "snippets:use": each("/snippets/{}/use/", snippets),
    "snippets:file": each("/snippets/{}/1/1/", snippets),
    "snippets:zip": each("/snippets/{}/1.zip", snippets),
    # cases
    "cases:desk": once("/support/", f"/support/{Q}", "/support/?view=all"),
    "cases:create": once("/support/new/"),
    "cases:link": each("/support/link/{}/", topics),
    "cases:detail": each("/support/{}/", cases),
    "cases:change": each("/support/{}/change/", cases),
    "cases:take": each("/support/{}/take/", cases),
    "cases:threads": each("/support/{}/threads/", cases),
    # moderation
    "moderation:queue": once("/moderation/", "/moderation/?view=decided", "/moderation/?state=decided"),
    "moderation:item": each("/moderation/{}/", reviews),
    "moderation:decide": each("/moderation/{}/decide/", reviews),
    "moderation:undo": each("/moderation/decisions/{}/undo/", decisions),
    "moderation:flag": lambda world: (
        [f"/flag/post/{pk}/" for pk in posts(world)] + [f"/flag/topic/{pk}/" for pk in topics(world)]
    ),
    # notifications
    "notifications:list": once("/notifications/", "/notifications/?show=all"),
    "notifications:badge": once("/notifications/badge/"),
    "notifications:recent": once("/notifications/recent/"),
    "notifications:state": once("/notifications/state/"),
    "notifications:read-all": once("/notifications/read/"),
    "notifications:open": each("/notifications/{}/", lambda world: range(1, 9)),
    # knowledge
    "knowledge:index": once("/kb/"),
    "knowledge:section": each("/kb/{}/", sections("kb")),
    "knowledge:article": each("/kb/{}/{}/", kb),
    "knowledge:helpful": each("/kb/{}/{}/helpful/", kb),
    "knowledge:verify": each("/kb/{}/{}/verify/", kb),
    "knowledge:related": each("/kb/{}/{}/related/", kb),
    "knowledge:wiki": once("/wiki/"),
    "knowledge:wiki-section": each("/wiki/{}/", sections("wiki")),
    "knowledge:wiki-create": each("/wiki/{}/new/", sections("wiki")),
    "knowledge:wiki-page": each("/wiki/{}/{}/", wiki),
    "knowledge:wiki-edit": each("/wiki/{}/{}/edit/", wiki),
    "knowledge:wiki-history": each("/wiki/{}/{}/history/", wiki),
    "knowledge:wiki-change": lambda world: [
        f"/wiki/{section}/{page}/history/{number}/" for section, page in wiki(world) for number in (1, 2)
    ],
    "knowledge:wiki-related": each("/wiki/{}/{}/related/", wiki),
    "knowledge:wiki-restore": each("/wiki/{}/{}/back/1/", wiki),
    "wagtail_serve": lambda world: served(world),
    "knowledge:None": once("/_util/login/", "/_util/authenticate_with_password/1/1/"),
    "wagtailcore_authenticate_with_password": once("/_util/authenticate_with_password/1/1/"),
    "wagtailcore_login": once("/_util/login/"),
    # insights
    "insights:overview": once("/insights/"),
    "insights:search": once("/insights/search/", "/insights/search/?period=365&order=frequent"),
    "insights:search-export": once("/insights/search.csv"),
    "insights:export": once("/insights/report.csv"),
    # the API
    "api:openapi": once("/api/v1/openapi.json"),
    "api:None": once("/api/v1/nothing/here"),
    "api:me": once("/api/v1/me"),
    "api:erasure": once("/api/v1/me/erasure"),
    "api:takeout": once("/api/v1/me/export"),
    "api:takeout-file": once("/api/v1/me/export/file"),
    "api:external-records": once("/api/v1/external/docs/records"),
    "api:external-record": once("/api/v1/external/docs/records/page-1"),
    "api:files": once("/api/v1/files"),
    "api:drafts": once("/api/v1/drafts"),
    "api:draft": each("/api/v1/drafts/reply-{}", topics),
    "api:ignored": once("/api/v1/ignored"),
    "api:muted": once("/api/v1/muted"),
    "api:muted-space": each("/api/v1/muted/spaces/{}", spaces),
    "api:muted-tag": each("/api/v1/muted/tags/{}", tags),
    "api:ignored-person": once("/api/v1/ignored/nobody-here"),
    "api:file": each("/api/v1/files/{}", uploads),
    "api:search": once(f"/api/v1/search{Q}", f"/api/v1/search{Q}&kind=topic", f"/api/v1/search{Q}&page=2"),
    "api:search-settings": once("/api/v1/search/settings"),
    "api:suggest": once(f"/api/v1/suggest{Q}"),
    "api:articles": once("/api/v1/articles", f"/api/v1/articles{Q}"),
    "api:article": each("/api/v1/articles/{}", lambda world: [page.pk for page in world.articles.values()]),
    "api:spaces": once("/api/v1/spaces"),
    "api:space": each("/api/v1/spaces/{}", spaces),
    "api:space-members": each("/api/v1/spaces/{}/members", spaces),
    "api:space-member": each("/api/v1/spaces/{}/members/invitedperson", spaces),
    "api:space-requests": each("/api/v1/spaces/{}/requests", spaces),
    "api:space-request": each("/api/v1/spaces/{}/requests/1", spaces),
    "api:space-invitations": each("/api/v1/spaces/{}/invitations", spaces),
    "api:invitations": once("/api/v1/invitations"),
    "api:invitation": once("/api/v1/invitations/1", "/api/v1/invitations/2"),
    "api:topics": lambda world: ["/api/v1/topics", *(f"/api/v1/topics?space={slug}" for slug in spaces(world))],
    "api:topic": each("/api/v1/topics/{}", topics),
    "api:posts": each("/api/v1/topics/{}/posts", lambda world: [pk for pk, _slug in slugged(world)]),
    "api:topics-act": once("/api/v1/topics/acts"),
    "api:topics-act-undo": once("/api/v1/topics/acts/1"),
    "api:topic-split": each("/api/v1/topics/{}/split", topics),
    "api:topic-take": each("/api/v1/topics/{}/take", topics),
    "api:topic-needs-info": each("/api/v1/topics/{}/needs-info", topics),
    "api:solution": each("/api/v1/topics/{}/solution", topics),
    "api:bookmarks": once("/api/v1/bookmarks"),
    "api:post-bookmark": each("/api/v1/posts/{}/bookmark", posts),
    "api:post-reactions": each("/api/v1/posts/{}/reactions", posts),
    "api:post-poll": each("/api/v1/posts/{}/poll", posts),
    "api:post-rules": each("/api/v1/posts/{}/rules", posts),
    "api:post-vote": each("/api/v1/posts/{}/vote", posts),
    "api:ideas": once("/api/v1/ideas"),
    "api:idea": each("/api/v1/ideas/{}", ideas),
    "api:idea-vote": each("/api/v1/ideas/{}/vote", ideas),
    "api:events": lambda world: [
        "/api/v1/events?when=past", *(f"/api/v1/events?space={slug}" for slug in spaces(world)),
    ],
    "api:event": each("/api/v1/events/{}", happenings),
    "api:event-attendance": each("/api/v1/events/{}/attendance", happenings),
    "api:snippets": lambda world: [
        "/api/v1/snippets?sort=used", *(f"/api/v1/snippets?space={slug}" for slug in spaces(world)),
    ],
    "api:snippet": each("/api/v1/snippets/{}", snippets),
    "api:snippet-versions": each("/api/v1/snippets/{}/versions", snippets),
    "api:snippet-use": each("/api/v1/snippets/{}/use", snippets),
    "api:conversations": once("/api/v1/conversations"),
    "api:messages": once(f"/api/v1/messages{Q}"),
    "api:conversation-messages": each("/api/v1/conversations/{}/messages", conversations),
    "api:cases": once("/api/v1/cases"),
    "api:case": each("/api/v1/cases/{}", cases),
    "api:case-messages": each("/api/v1/cases/{}/messages", cases),
    "api:case-links": each("/api/v1/cases/{}/links", cases),
    "api:case-link": lambda world: [
        f"/api/v1/cases/{number}/links/{pk}" for number in cases(world) for pk in topics(world)
    ],
    "api:flags": once("/api/v1/flags"),
    "api:reviews": once("/api/v1/reviews"),
    "api:review-decide": each("/api/v1/reviews/{}/decision", reviews),
    "api:review-undo": each("/api/v1/reviews/{}/undo", decisions),
    "api:notifications": once("/api/v1/notifications"),
    "api:notifications-read": once("/api/v1/notifications/read"),
}
# allauth's pages hold nothing but the person's own address; Wagtail's and Django's admin are for staff.
OWN_ACCOUNT_PREFIX = "accounts/"
STAFF_ONLY = ("cms/", "admin/", "documents/")


def files(world: World) -> list[str]:
    """Where Wagtail would serve a file."""
    return [f"/documents/{document.pk}/{document.filename}" for document in world.documents.values()]
