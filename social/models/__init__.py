from .actions import Action
from .contacts import Contact
from .likes import Like
from .newsletter import Delivery, Sending, Subscriber
from .newsletter_pages import NewsletterIndexPage, NewsletterPage
from .profiles import Profile
from .reviews import Review, ReviewPicture
from .users import User
from .views import ProductViews, ViewsSaved
from .wishlists import WishList, WishListItem

__all__ = [
    "Action",
    "Contact",
    "Delivery",
    "Like",
    "NewsletterIndexPage",
    "NewsletterPage",
    "ProductViews",
    "Profile",
    "Review",
    "ReviewPicture",
    "Sending",
    "Subscriber",
    "User",
    "ViewsSaved",
    "WishList",
    "WishListItem",
]
