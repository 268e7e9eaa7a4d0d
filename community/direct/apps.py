from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectConfig(AppConfig):
    name = "community.direct"
    label = "direct"
    verbose_name = _("Private messages")

    def ready(self) -> None:
        from accounts.drafts.contexts import register_context
        from accounts.events.registry import subscribe
        from accounts.panels import register_profile_panel
        from accounts.uploads.places import register_place as register_files
        from accounts.viewer import register_token_source
        from community.direct import erased, messages, profile, takeout
        from community.direct.attached import MessagePlace
        from community.direct.policies import review_rows, review_tokens
        from community.direct.review import MessageReview
        from community.moderation.handlers import register_handler
        from community.notifications.live import register_group
        from community.notifications.registry import register_message

        register_token_source(review_rows, review_tokens)
        register_handler("message", MessageReview())
        register_files(MessagePlace())
        register_group("conversation", messages.may_watch, messages.newest_in)
        register_context("message", messages.drafts_of)
        register_message("message", "mail", messages.resolve_message, folds=True)
        register_profile_panel("aside", profile.write_to)
        subscribe("message.sent", messages.tell_of_message, name="direct.tell_of_message")
        # Hints carry ids alone and may be lost, so they need no delivery: open pages hear as soon as it is committed.
        subscribe("message.sent", messages.hint_open_page, name="direct.hint_open_page", when="now")
        erased.register_all()
        takeout.register_all()
