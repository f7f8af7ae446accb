"""To whom an issue goes: confirmed subscribers only, in one language each, and never twice."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from catalog.models import CategoryPage, ProductPage
from orders.models import Order
from social.models import Delivery, NewsletterPage, Sending, Subscriber
from social.models.newsletter import Segment


def recipients(
    page: NewsletterPage, segment: str, category: CategoryPage | None = None
) -> QuerySet[Subscriber]:
    """Who would get the issue now. Without a category there are no buyers of it.

    Who reads a language in which the issue is published too gets it in that one, and who got
    it in another language has it already.
    """
    subscribers = Subscriber.objects.confirmed().exclude(Exists(_delivered(page)))
    subscribers = subscribers.exclude(language__in=other_languages(page))
    if segment == Segment.ALL:
        return subscribers
    if segment == Segment.MEMBERS:
        return _members(subscribers)
    return _buyers(subscribers, category) if category else subscribers.none()


def other_languages(page: NewsletterPage) -> list[str]:
    """In which other languages the issue is published, in words of their own."""
    others = NewsletterPage.objects.filter(translation_key=page.translation_key)
    others = others.exclude(pk=page.pk).live().filter(alias_of__isnull=True)
    return list(others.values_list("locale__language_code", flat=True))


def never_sent(page: NewsletterPage) -> QuerySet[Delivery]:
    """What a cancelled sending of the issue has left over, for another one to take up."""
    return Delivery.objects.filter(
        page=page, state=Delivery.State.WAITING, sending__state=Sending.State.CANCELLED
    )


def _delivered(page: NewsletterPage) -> QuerySet[Delivery]:
    of_issue = Delivery.objects.filter(
        page__translation_key=page.translation_key, subscriber=OuterRef("pk")
    )
    return of_issue.exclude(state=Delivery.State.WAITING, sending__state=Sending.State.CANCELLED)


def _members(subscribers: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
    """With an account: linked to it, or of the same address, which has confirmed here as well."""
    addresses = get_user_model().objects.filter(is_active=True).values(lowered=Lower("email"))
    return _found_by(subscribers, Q(user__is_active=True), Q(lowered__in=addresses))


def _buyers(subscribers: QuerySet[Subscriber], category: CategoryPage) -> QuerySet[Subscriber]:
    """Who paid for a product that stands in the category, below it, or is listed there besides.

    A category is the same in every language.
    """
    same = CategoryPage.objects.filter(translation_key=category.translation_key)
    inside = Q(pk__in=())
    for path in same.values_list("path", flat=True):
        inside |= Q(path__startswith=path) | Q(further_categories__category__path__startswith=path)
    products = ProductPage.objects.filter(inside).values("product")
    orders = Order.objects.filter(paid_at__isnull=False, items__sku__product__in=products)
    members = orders.filter(user__isnull=False).values("user")
    addresses = orders.values(lowered=Lower("email"))
    return _found_by(subscribers, Q(user__in=members), Q(lowered__in=addresses))


def _found_by(subscribers: QuerySet[Subscriber], one: Q, other: Q) -> QuerySet[Subscriber]:
    """Each condition by itself: joined by OR, all addresses would be read for each subscriber."""
    rows = Subscriber.objects.order_by().alias(lowered=Lower("email"))
    found = rows.filter(one).values("pk").union(rows.filter(other).values("pk"))
    return subscribers.filter(pk__in=found)
