"""What happened: the append-only audit log, and the outbox that carries effects to whoever subscribed.

Services call `events.record` (`from accounts.events import services as events`); rooms call
`accounts.events.registry.subscribe` in `AppConfig.ready()`; `manage.py worker` delivers.
"""
