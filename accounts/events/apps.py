from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "accounts.events"
    label = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from accounts.events.dispatch import done_before
        from accounts.retention import register_kept

        register_kept("deliveries", label=_("errands that were done"), rows=done_before)
