from django.urls import path, re_path

from accounts.views import avatars, cards, development, people, settings

app_name = "accounts"
urlpatterns = [
    path("u/<str:username>/", people.ProfileView.as_view(), name="profile"),
    path("u/<str:username>/card/", cards.PersonCardView.as_view(), name="card"),
    path("people/", people.PeopleView.as_view(), name="people"),
    path("settings/", settings.ProfileSettingsView.as_view(), name="settings"),
    path("settings/picture/", avatars.AvatarSettingsView.as_view(), name="avatar-settings"),
    re_path(r"^media/avatars/(?P<name>[\w-]{22}\.(?:jpg|png))$", avatars.AvatarView.as_view(), name="avatar"),
    path("settings/tokens/", settings.TokensView.as_view(), name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", settings.TokenRevokeView.as_view(), name="token-revoke"),
    path("settings/look/", settings.ThemeView.as_view(), name="theme"),
    path("dev/mails/", development.MailsView.as_view(), name="mails"),
]
