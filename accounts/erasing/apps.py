from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ErasingConfig(AppConfig):
    name = "accounts.erasing"
    label = "erasing"
    verbose_name = _("Erasing people")

    def ready(self) -> None:
        from accounts.erasing import own
        from accounts.erasing.services import erase_due
        from accounts.events.worker import register_schedule

        own.register_all()
        register_schedule("erasing", seconds=60, call=erase_due)
