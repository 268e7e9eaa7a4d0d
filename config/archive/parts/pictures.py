"""pictures.jsonl: the picture that a person shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.services.avatars import FOLDER, avatar_import
from config.archive import blobs
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.problem import RowProblem

_CHUNK = 200


@dataclass(slots=True)
class PictureItem(Item):
    digest_of_bytes: str = ""


class PicturePart(Part):
    """Profiles are open to everyone, and so are their pictures."""

    name = "pictures"
    reach = Reach.PUBLIC

    def rows(self, scope: Scope) -> Rows:
        shown = User.objects.filter(is_active=True).exclude(avatar="").order_by("pk")
        for username, avatar in shown.values_list("username", "avatar").iterator(chunk_size=_CHUNK):
            digest = blobs.copied(f"{FOLDER}/{avatar}", scope.folder)
            if digest is not None:
                yield {"member": username, "sha256": digest}

    def importer(self, ground: Ground) -> PictureImporter:
        return PictureImporter(ground)


class PictureImporter(Importer):
    name = kind = PicturePart.name

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors, self.folder = ground.authors, ground.folder

    def prepare(self, row: Row) -> PictureItem:
        return PictureItem(source_id=row.text("member", limit=150), digest_of_bytes=blobs.digest_of(row))

    def before_batch(self, items: Sequence[Item]) -> None:
        self.authors.load((item.source_id, None) for item in items)

    def forget(self) -> None:
        self.authors.forget()

    def check(self, item: Any) -> None:
        blobs.opened(self.folder, item.digest_of_bytes).close()

    def store(self, item: Any) -> Stored:
        user = User.objects.filter(pk=self.authors.id_of(item.source_id)).first()
        if user is None:
            raise RowProblem("member", "names nobody")
        with blobs.opened(self.folder, item.digest_of_bytes) as file:
            avatar_import(user=user, file=file)
        return Stored(user.pk, "new")
