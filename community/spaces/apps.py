from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    name = "community.spaces"
    label = "spaces"
    verbose_name = _("Spaces")

    def ready(self) -> None:
        from accounts.events.registry import subscribe
        from accounts.viewer import register_token_source
        from community.spaces import erased, takeout
        from community.spaces.audience import rule_rows, rule_tokens, space_rows, space_tokens
        from community.spaces.confirmed import address_was_confirmed
        from community.spaces.selectors import parts_for_search
        from community.spaces.source import PersonSource, SpaceSource
        from search.containers import register_parts
        from search.sources import register

        subscribe("user.email_confirmed", address_was_confirmed, name="spaces.address-confirmed")
        register_parts(parts_for_search)
        register_token_source(space_rows, space_tokens)
        register_token_source(rule_rows, rule_tokens)
        register(SpaceSource())
        register(PersonSource())
        erased.register_all()
        takeout.register_all()
