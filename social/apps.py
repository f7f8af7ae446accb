from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class SocialConfig(AppConfig):
    name = "social"
    verbose_name = _("People")

    def ready(self) -> None:
        from social import contacts

        pre_save.connect(contacts.hide_the_closed, sender="social.User")
        pre_delete.connect(contacts.forget, sender="social.User")
