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
        from accounts.viewer import register_token_source
        from community.direct import messages, profile
        from community.direct.policies import review_rows, review_tokens
        from community.direct.review import MessageReview
        from community.moderation.handlers import register_handler
        from community.notifications.registry import register_message

        register_token_source(review_rows, review_tokens)
        register_handler("message", MessageReview())
        register_context("message", messages.drafts_of)
        register_message("message", "mail", messages.resolve_message, folds=True)
        register_profile_panel("aside", profile.write_to)
        subscribe("message.sent", messages.tell_of_message, name="direct.tell_of_message")
