from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForumsConfig(AppConfig):
    name = "community.forums"
    label = "forums"
    verbose_name = _("Forums")

    def ready(self) -> None:
        from accounts.events.registry import subscribe
        from accounts.uploads.places import register_place as register_files
        from community.forums import drafts, messages, profile, read_first
        from community.forums.attached import PostPlace
        from community.forums.file_source import AttachmentSource
        from community.forums.models import Kind
        from community.forums.panels import register_panel
        from community.forums.review import PostReview
        from community.forums.source import TopicSource
        from community.moderation.handlers import register_handler
        from community.notifications.live import register_group
        from community.notifications.registry import register_message, register_place
        from community.spaces.kinds import register_kinds
        from search.sources import register

        register_kinds(Kind.choices)
        register(TopicSource())
        register(AttachmentSource())
        register_files(PostPlace())
        drafts.register_all()
        profile.register_all()
        register_handler("post", PostReview())
        readers = messages.readers_of_posts
        register_message("reply", "reply", messages.resolve_reply, folds=True, readers=readers)
        register_message("mention", "at-sign", messages.resolve_mention, readers=readers)
        register_message("solution", "check", messages.resolve_solution, readers=readers)
        register_message("reaction", "smile-plus", messages.resolve_reaction, folds=True, readers=readers)
        register_place("post", messages.locate_posts)
        register_group("space", messages.may_watch_space)
        register_group("topic", messages.may_watch_topic, messages.newest_in_topic)
        subscribe("post.created", messages.tell_of_reply, name="forums.tell_of_reply", many=messages.tell_of_replies)
        subscribe("topic.created", messages.tell_of_topic, name="forums.tell_of_topic")
        subscribe("topic.solved", messages.tell_of_solution, name="forums.tell_of_solution")
        subscribe("post.reacted", messages.tell_of_reaction, name="forums.tell_of_reaction")
        register_panel("aside", read_first.panel)
        self._reminders()
        self._erasing()
        # Hints carry ids alone and may be lost, so they need no delivery: open pages hear as soon as it is committed.
        subscribe("post.*", messages.hint_open_pages, name="forums.hint_post", when="now")
        subscribe("topic.*", messages.hint_open_pages, name="forums.hint_topic", when="now")

    @staticmethod
    def _reminders() -> None:
        """What the worker does by the clock, and what people are told because of it."""
        from accounts.events.registry import subscribe
        from accounts.events.worker import register_schedule
        from community.forums import reminders
        from community.forums.services import askers_nudge, bookmarks_remind, timers_run
        from community.notifications.registry import register_message

        register_message("bookmark", "bookmark", reminders.resolve_bookmark)
        register_message("nudge", "message-circle-question-mark", reminders.resolve_nudge)
        register_message("needs-info", "hourglass", reminders.resolve_needs_info)
        register_schedule("forums.bookmarks", seconds=60, call=bookmarks_remind)
        register_schedule("forums.timers", seconds=30, call=timers_run)
        register_schedule("forums.nudge", seconds=3600, call=askers_nudge)
        subscribe("bookmark.due", reminders.tell_of_bookmark, name="forums.tell_of_bookmark")
        subscribe("topic.info_needed", reminders.tell_of_info_needed, name="forums.tell_of_info_needed")
        subscribe("topic.nudged", reminders.tell_of_nudge, name="forums.tell_of_nudge")

    @staticmethod
    def _erasing() -> None:
        """What becomes of topics and posts when a person is erased, and what of them is in a copy of their data."""
        from community.forums import takeout, takeout_words
        from community.forums.services import erased

        erased.register_all()
        takeout.register_all()
        takeout_words.register_all()
