"""A person. E-mail signs in, username addresses the profile, display name is what others read."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address
from accounts.models.limits import TextLimit

username_form = RegexValidator(
    r"^[\w.@+-]+\Z", _("Use letters, digits and . _ - + @ only; no spaces."), code="invalid"
)


class User(AbstractUser):
    """A member of the community. `email` is null for people who were imported and never signed up here."""

    class TrustLevel(models.IntegerChoices):
        NEW = 0, _("New")
        BASIC = 1, _("Basic")
        MEMBER = 2, _("Member")
        REGULAR = 3, _("Regular")
        LEADER = 4, _("Leader")

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        _("username"), max_length=60, unique=True, validators=[username_form],
        error_messages={"unique": _("This username is taken.")},
    )
    email = models.EmailField(_("e-mail"), max_length=254, unique=True, null=True, blank=True)  # type: ignore[assignment]
    display_name = models.CharField(_("name"), max_length=80)
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    about = models.TextField(_("about"), max_length=2000, blank=True)
    about_html = models.TextField(max_length=40_000, blank=True, editable=False)
    # The random name of the picture in the media folder `avatars/`; the picture's address ends in it.
    avatar = models.CharField(max_length=40, blank=True, editable=False, db_index=True)

    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), on_delete=models.SET_NULL,
        null=True, blank=True, related_name="people",
    )
    is_moderator = models.BooleanField(_("moderator"), default=False)
    is_agent = models.BooleanField(_("support agent"), default=False)
    is_manager = models.BooleanField(_("manager"), default=False)
    trust_level = models.PositiveSmallIntegerField(_("trust level"), choices=TrustLevel, default=TrustLevel.NEW)
    imported_from = models.CharField(max_length=120, blank=True, editable=False, db_index=True)
    # What sessions are signed with beside the password: one more ends them all.
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    REQUIRED_FIELDS = ["email", "display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            TextLimit(field="about", limit=2_000, name="user_about_limit"),
            TextLimit(field="about_html", limit=40_000, name="user_about_html_limit"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def clean(self) -> None:
        """Django would turn no e-mail into an empty one, of which there can be only one."""
        super().clean()
        self.email = self.email or None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, which ends sessions when the password changes; and when `session_round` does."""
        told = super()._get_session_auth_hash(secret)
        return f"{told}.{self.session_round}" if self.session_round else told

    def get_absolute_url(self) -> str:
        return address("accounts:profile", self.username)

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.display_name or self.username

    @property
    def roles(self) -> frozenset[str]:
        """The staff roles held: any of moderator, agent, manager, admin."""
        held = {
            "moderator": self.is_moderator,
            "agent": self.is_agent,
            "manager": self.is_manager,
            "admin": self.is_superuser,
        }
        return frozenset(name for name, has in held.items() if has)

    @property
    def role_label(self) -> str:
        """The word shown beside the name: the strongest staff role, or nothing."""
        if self.is_superuser:
            return str(_("Admin"))
        if self.is_agent:
            return str(_("Support"))
        if self.is_moderator:
            return str(_("Moderator"))
        return str(_("Manager")) if self.is_manager else ""
