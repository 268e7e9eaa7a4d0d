from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "community.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from accounts.uploads.places import register_place
        from community.cases import drafts, erased, events, messages, takeout
        from community.cases.attached import MessagePlace
        from community.cases.panels import case_panel
        from community.cases.source import CaseSource
        from community.forums.panels import register_panel
        from search.sources import register

        events.subscribe_all()
        messages.register_all()
        drafts.register_all()
        register_panel("aside", case_panel)
        register(CaseSource())
        register_place(MessagePlace())
        erased.register_all()
        takeout.register_all()
