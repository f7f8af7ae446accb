"""The addresses of allauth, of which the shop's own views answer some."""

from django.urls import include, path, re_path

from social import entrance

urlpatterns = [
    path("login/", entrance.LogIn.as_view(), name="account_login"),
    path("logout/", entrance.LogOut.as_view(), name="account_logout"),
    path("signup/", entrance.SignUp.as_view(), name="account_signup"),
    path(
        "confirm-email/",
        entrance.MailSent.as_view(),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        entrance.ConfirmEmail.as_view(),
        name="account_confirm_email",
    ),
    path("email/", entrance.Email.as_view(), name="account_email"),
    path("sessions/", entrance.list_devices, name="usersessions_list"),
    path("", include("allauth.urls")),
]
