"""What the API description covers."""


def only_our_api(endpoints: list[tuple], **kwargs) -> list[tuple]:
    """Leave out Wagtail's own admin API."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
