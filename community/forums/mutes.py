"""Reading what people mute: for lists, for telling, and for the page of such things."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from accounts.ignoring.models import Ignore
from accounts.models import User
from accounts.panels import ProfilePanel
from accounts.prepared import asked
from accounts.viewer import Viewer
from community.forums.models import Mute, Tag, Topic
from community.spaces.models import Space


def mutes_of(viewer: Viewer) -> list[Mute]:
    """The spaces and tags that the viewer mutes and may still see, by name; one statement."""
    if not viewer.reads_own:
        return []
    seen = Topic.objects.visible_to(viewer).published().filter(tags=OuterRef("tag"))
    mine = Mute.objects.filter(user=viewer.user_id).annotate(is_seen=Exists(seen))
    spaces = mine.filter(space__in=Space.objects.visible_to(viewer).order_by())
    shown = spaces | mine.filter(tag__isnull=False, is_seen=True)
    return list(shown.select_related("space", "tag").order_by(Coalesce("space__name", "tag__name"), "pk"))


def is_tag_muted(viewer: Viewer, name: str) -> bool:
    """One statement, for who is signed in; none otherwise."""
    return viewer.reads_own and Mute.objects.filter(user=viewer.user_id, tag__name=name).exists()


def with_mute(spaces: QuerySet[Space], viewer: Viewer) -> QuerySet[Space]:
    """Spaces with `is_muted`, in the statement that reads them."""
    mine = Mute.objects.filter(space=OuterRef("pk"), user=viewer.user_id if viewer.reads_own else 0)
    return spaces.annotate(is_muted=Exists(mine))


def muting(topic_ids: Collection[int], people: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of a topic and one of these people, who mutes its space, the space above or a tag of it; one statement."""
    if not people:
        return set()
    found = [
        Topic.objects.order_by().filter(pk__in=topic_ids, **{f"{way}__mutes__user__in": people})
        .annotate(person=F(f"{way}__mutes__user")).values_list("pk", "person")
        for way in ("space", "space__parent", "tags")
    ]  # fmt: skip
    return set(found[0].union(*found[1:]))


def hears_all(viewer: Viewer) -> bool:
    """Whether the viewer neither mutes a place nor ignores anybody; one statement, for who is signed in."""
    return not (viewer.reads_own and asked("forums.hears less", _if_less, viewer))


def _if_less(viewer: Viewer) -> QuerySet:
    mutes = Mute.objects.filter(user=viewer.user_id).order_by()
    people = Ignore.objects.in_force().ignored().filter(owner=viewer.user_id).order_by()
    return User.objects.filter(Exists(mutes) | Exists(people), pk=viewer.user_id).order_by().values_list("pk")


def heard(viewer: Viewer, topic_ids: Collection[int]) -> list[int]:
    """Those of some topics that the viewer's list of the latest holds; one statement."""
    rows = Topic.objects.talks().visible_to(viewer).published().listed_for(viewer).heard_by(viewer)
    return sorted(rows.filter(pk__in=topic_ids).order_by().values_list("pk", flat=True))


def tag_seen(viewer: Viewer, name: str) -> Tag | None:
    """A tag of this name that the viewer sees on a topic."""
    seen = Topic.objects.visible_to(viewer).published().filter(tags=OuterRef("pk"))
    return Tag.objects.filter(name=name[:40]).filter(Exists(seen)).first()


def quiet_places(viewer: Viewer, person: User) -> ProfilePanel:
    """The spaces and tags that a person mutes, on the page of such things."""
    return ProfilePanel("forums/_quiet_places.html", {"mutes": mutes_of(viewer)})
