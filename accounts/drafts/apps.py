from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    name = "accounts.drafts"
    label = "drafts"
    verbose_name = _("Drafts")

    def ready(self) -> None:
        from accounts.drafts.attached import DraftPlace
        from accounts.drafts.services import drafts_purge
        from accounts.events.worker import register_schedule
        from accounts.uploads.places import register_place

        register_place(DraftPlace())
        register_schedule("drafts.purge", seconds=3600, call=drafts_purge)
