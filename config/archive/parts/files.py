"""files.jsonl, read before any text: what people attached. attached.jsonl, read after them: which texts name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.uploads.archive import UploadRow, UseRow, upload_import, uses_import
from accounts.uploads.models import Upload, UploadUse
from community.direct.models import Message
from community.forums.models import Post
from config.archive import blobs, ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.parts.hung import Spots, spot_of
from config.archive.problem import RowProblem
from knowledge.models import WikiPage

_CHUNK = 200


def _uses(scope: Scope) -> QuerySet[UploadUse]:
    """Where files stand in what is exported: a public archive has those that everyone may open, only a private one
    those of messages. Cases do not go out, nor do the files that stand in them alone."""
    posts, pages = scope.seen(Post.objects.all()), scope.seen(WikiPage.objects.filter(live=True))
    uses = UploadUse.objects.all()
    if scope.viewer is not None:
        posts, uses = posts.filter(topic__is_unlisted=False), uses.filter(is_current=True)
    named = Q(target_type="post", target_id__in=posts.order_by().values("pk"))
    named |= Q(target_type="wiki", target_id__in=pages.order_by().values("pk"))
    if scope.holds(Reach.PRIVATE):
        named |= Q(target_type="message", target_id__in=Message.objects.order_by().values("pk"))
    return uses.filter(named)


@dataclass(slots=True)
class FileItem(Item):
    digest_of_bytes: str = ""
    name: str = ""
    owner: str = ""
    created_at: datetime | None = None


class FilePart(Part):
    name = "files"
    reach = Reach.PUBLIC
    is_early = True

    def rows(self, scope: Scope) -> Rows:
        named = Upload.objects.for_page().filter(Exists(_uses(scope).filter(upload=OuterRef("pk"))))
        for upload in named.select_related("owner").order_by("pk").iterator(chunk_size=_CHUNK):
            digest = blobs.copied(upload.path(), scope.folder)
            if digest is not None:
                yield {
                    "id": upload.key, "name": upload.name, "sha256": digest,
                    "owner": upload.owner.username if upload.owner else None, "created": upload.created_at.isoformat(),
                }  # fmt: skip

    def importer(self, ground: Ground) -> FileImporter:
        return FileImporter(ground)


class FileImporter(Importer):
    name = kind = FilePart.name

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors, self.folder = ground.authors, ground.folder

    def prepare(self, row: Row) -> FileItem:
        return FileItem(
            source_id=row.key("id"), name=row.text("name", limit=200), digest_of_bytes=blobs.digest_of(row),
            owner=row.text("owner", limit=150, required=False), created_at=row.moment("created"),
        )  # fmt: skip

    def before_batch(self, items: Sequence[Item]) -> None:
        self.authors.load((item.owner, item.created_at) for item in items if isinstance(item, FileItem))

    def forget(self) -> None:
        self.authors.forget()

    def check(self, item: Item) -> None:
        assert isinstance(item, FileItem)  # noqa: S101 (what prepare made)
        blobs.opened(self.folder, item.digest_of_bytes).close()

    def store(self, item: Item) -> Stored:
        assert isinstance(item, FileItem)  # noqa: S101 (what prepare made)
        at = item.created_at or timezone.now()
        row = UploadRow(item.source_id, item.name, self.authors.id_of(item.owner), at)
        with blobs.opened(self.folder, item.digest_of_bytes) as file:
            return Stored(upload_import(row=row, file=file).pk, "new")


@dataclass(slots=True)
class UseItem(Item):
    file: str = ""
    thread: str = ""
    post: str = ""
    page: str = ""
    conversation: str = ""
    message: int = 0
    is_current: bool = True


class AttachedPart(Part):
    name = "attached"
    reach = Reach.PUBLIC

    def rows(self, scope: Scope) -> Rows:
        uses = _uses(scope).select_related("upload").defer("upload__text").order_by("pk")
        chunk: list[UploadUse] = []
        for use in uses.iterator(chunk_size=_CHUNK):
            chunk.append(use)
            if len(chunk) == _CHUNK:
                yield from self._told(chunk)
                chunk = []
        yield from self._told(chunk)

    @staticmethod
    def _told(uses: Sequence[UploadUse]) -> Rows:
        posts = Post.objects.only("pk", "topic_id", "number").in_bulk(
            [use.target_id for use in uses if use.target_type == "post"]
        )
        messages = Message.objects.only("pk", "conversation_id", "number").in_bulk(
            [use.target_id for use in uses if use.target_type == "message"]
        )
        for use in uses:
            if use.target_type == "post":
                spot = spot_of(posts[use.target_id])
            elif use.target_type == "message":
                message = messages[use.target_id]
                spot = {"conversation": str(message.conversation_id), "message": message.number}
            else:
                spot = {"page": str(use.target_id)}
            yield {
                "id": f"{use.upload.key} {use.target_type} {use.target_id}", "file": use.upload.key, **spot,
                "is_past": not use.is_current,
            }  # fmt: skip

    def importer(self, ground: Ground) -> AttachedImporter:
        return AttachedImporter(ground)


class AttachedImporter(Importer):
    """Only files of this archive come to stand anywhere: a row cannot open a file that was here before."""

    name = kind = AttachedPart.name
    is_written_before = True

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.rows: dict[str, UseRow] = {}

    def prepare(self, row: Row) -> UseItem:
        item = UseItem(
            source_id=row.key("id"), file=row.key("file"), thread=row.key("thread", required=False),
            post=row.key("post", required=False), page=row.key("page", required=False),
            conversation=row.key("conversation", required=False), message=row.count("message"),
            is_current=not row.flag("is_past"),
        )  # fmt: skip
        if [bool(item.thread), bool(item.page), bool(item.conversation)].count(True) != 1:
            raise row.refuse("thread", "or page or conversation must say where the file stands, and only one of them")
        return item

    def check(self, item: Item) -> None:
        """What it names may be in the archive or not; nobody looks in a dry run."""

    def before_batch(self, items: Sequence[Item]) -> None:
        uses = [item for item in items if isinstance(item, UseItem)]
        if self.settings.is_dry:
            return
        files = ids.known(self.settings.source, FilePart.name, [use.file for use in uses])
        spots = Spots(self.settings.source, [(use.thread, use.post) for use in uses if use.thread])
        pages, messages = self._pages(uses), self._messages(uses)
        self.rows = {}
        for use in uses:
            post = spots.post(use.thread, use.post) if use.thread else None
            target = ("post", post.pk) if post else ("wiki", pages[use.page]) if use.page in pages else None
            if (use.conversation, use.message) in messages:
                target = ("message", messages[use.conversation, use.message])
            if use.file in files and target:
                self.rows[use.source_id] = UseRow(files[use.file].target_id, *target, is_current=use.is_current)
        uses_import(rows=list(self.rows.values()))

    def _pages(self, uses: Sequence[UseItem]) -> dict[str, int]:
        known = ids.known(self.settings.source, "wiki", [use.page for use in uses if use.page])
        return {page: row.target_id for page, row in known.items()}

    def _messages(self, uses: Sequence[UseItem]) -> dict[tuple[str, int], int]:
        """Messages of this archive's conversations, by the conversation there and the message's number."""
        wanted = [use.conversation for use in uses if use.conversation]
        here = {row.target_id: key for key, row in ids.known(self.settings.source, "conversations", wanted).items()}
        found = Message.objects.filter(conversation__in=here, number__in={use.message for use in uses})
        return {(here[talk], number): pk for pk, talk, number in found.values_list("pk", "conversation", "number")}

    def forget(self) -> None:
        self.rows = {}

    def store(self, item: Item) -> Stored:
        row = self.rows.get(item.source_id)
        if row is None:
            raise RowProblem("file", "or its text did not come in from this archive")
        return Stored(row.upload_id, "new")
