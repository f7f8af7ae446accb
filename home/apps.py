from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from home import notifications, submissions, telling

        notifications.send_after_commit()
        submissions.register()
        telling.connect()
