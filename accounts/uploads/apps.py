from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UploadsConfig(AppConfig):
    name = "accounts.uploads"
    label = "uploads"
    verbose_name = _("Files")

    def ready(self) -> None:
        from accounts.events.registry import subscribe
        from accounts.events.worker import register_schedule
        from accounts.text.files import register_files
        from accounts.uploads import erased, selectors, services, takeout

        register_files(selectors.shown_in)
        subscribe("upload.created", services.text_read, name="uploads.read")
        register_schedule("uploads.purge", seconds=900, call=services.uploads_purge)
        erased.register_all()
        takeout.register_all()
