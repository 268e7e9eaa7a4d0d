from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IgnoringConfig(AppConfig):
    name = "accounts.ignoring"
    label = "ignoring"
    verbose_name = _("Ignored people")

    def ready(self) -> None:
        from accounts.events.worker import register_schedule
        from accounts.ignoring.profile import choice
        from accounts.ignoring.services import ignores_purge
        from accounts.panels import register_profile_panel

        register_profile_panel("aside", choice)
        register_schedule("ignoring.purge", seconds=3600, call=ignores_purge)
