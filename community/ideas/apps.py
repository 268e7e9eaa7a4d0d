from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeasConfig(AppConfig):
    name = "community.ideas"
    label = "ideas"
    verbose_name = _("Ideas")

    def ready(self) -> None:
        from community.forums.panels import register_panel
        from community.ideas import drafts, erased, events, messages, takeout
        from community.ideas.panels import idea_panel
        from community.ideas.source import IdeaSource
        from search.sources import register

        events.subscribe_all()
        messages.register_all()
        drafts.register_all()
        register_panel("header", idea_panel)
        register(IdeaSource())
        erased.register_all()
        takeout.register_all()
