from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class SocialConfig(AppConfig):
    name = "social"
    verbose_name = _("People")

    def ready(self) -> None:
        from orders.signals import order_paid
        from social import (
            account_mails,
            accounts,
            after_login,
            contacts,
            likes,
            recommendations,
            review_mails,
            review_pictures,
            reviews,
            stream,
            telling,
        )
        from social.account import claims, closing

        pre_save.connect(contacts.hide_the_closed, sender="social.User")
        # Whoever leaves: their orders are held before all else.
        pre_delete.connect(closing.forget, sender="social.User")
        pre_delete.connect(contacts.forget, sender="social.User")
        order_paid.connect(stream.note_purchase)

        post_save.connect(likes.count_new, sender="social.Like")
        post_delete.connect(likes.count_gone, sender="social.Like")
        pre_delete.connect(likes.hold_liked, sender="social.User")
        after_login.connect()
        accounts.connect()
        account_mails.register()

        # Reviews also tell the catalogue how many of them shoppers can read.
        pre_delete.connect(reviews.hold_reviewed, sender="social.User")
        post_delete.connect(reviews.count_without, sender="social.Review")
        post_delete.connect(review_pictures.forget_files, sender="social.ReviewPicture")
        review_mails.register()

        order_paid.connect(recommendations.listen)
        telling.connect()

        from social.newsletter import mails, trying

        mails.register()
        trying.register()

        claims.connect()
