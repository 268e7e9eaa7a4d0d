from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    name = "community.calendar"
    label = "calendar"
    verbose_name = _("Calendar")

    def ready(self) -> None:
        from accounts.events.registry import subscribe
        from accounts.events.worker import register_schedule
        from community.calendar import drafts, erased, messages, takeout
        from community.calendar.panels import event_panel
        from community.calendar.services import events_remind
        from community.forums.panels import register_panel
        from community.notifications.registry import register_message

        drafts.register_all()
        register_panel("header", event_panel)
        register_message("event.due", "calendar-clock", messages.resolve_due)
        register_message("event.changed", "calendar-sync", messages.resolve_changed)
        register_message("event.cancelled", "calendar-x", messages.resolve_cancelled)
        subscribe("event.due", messages.tell_of_start, name="calendar.tell_of_start")
        subscribe("topic.event_changed", messages.tell_of_change, name="calendar.tell_of_change")
        subscribe("topic.event_cancelled", messages.tell_of_cancel, name="calendar.tell_of_cancel")
        register_schedule("calendar.remind", seconds=60, call=events_remind)
        erased.register_all()
        takeout.register_all()
