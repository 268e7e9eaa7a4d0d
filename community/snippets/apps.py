from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SnippetsConfig(AppConfig):
    name = "community.snippets"
    label = "snippets"
    verbose_name = _("Code library")

    def ready(self) -> None:
        from community.forums.panels import register_panel
        from community.snippets import drafts, erased, takeout
        from community.snippets.panels import snippet_panel
        from community.snippets.source import SnippetSource
        from search.sources import register

        drafts.register_all()
        register_panel("header", snippet_panel)
        register(SnippetSource())
        erased.register_all()
        takeout.register_all()
