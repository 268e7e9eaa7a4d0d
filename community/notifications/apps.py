from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "community.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from community.notifications import erased, events, outcomes, searches, spaces, takeout

        events.register()
        outcomes.register()
        searches.register()
        spaces.register()
        erased.register_all()
        takeout.register_all()
