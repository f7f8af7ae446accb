"""Fill the peer's empty shop: categories of 50 products, every twentieth of these a large one."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import Avg
from oscar.core.loading import get_model
from PIL import Image

PER_CATEGORY, RICH, RICH_IS = 50, 20, 19
PICTURES, VARIANTS, REVIEWS, RELATED = 5, 12, 8, 4
WORDS = ("amber", "birch", "cedar", "dawn", "ember", "field", "grove", "harbour")
MANY = 1_000_000

Product = get_model("catalogue", "Product")
Review = get_model("reviews", "ProductReview")


def fill(products: int) -> None:
    """With what a page of ours shows: 5 pictures, 12 variants, 8 reviews, 4 related products."""
    _around()
    kind = get_model("catalogue", "ProductClass").objects.create(name="Thing", track_stock=True)
    made = Product.objects.bulk_create(
        Product(
            title=f"{WORDS[number % 8]} {WORDS[number // 8 % 8]} {number}".title(),
            slug=f"thing-{number}",
            upc=f"T{number}",
            product_class=kind,
            structure=Product.PARENT if _is_rich(number) else Product.STANDALONE,
            description=f"<p>{'Made slowly, and meant to stay. ' * 12}</p>",
        )
        for number in range(products)
    )
    _place(made)
    rich = [product for number, product in enumerate(made) if _is_rich(number)]
    children = Product.objects.bulk_create(
        Product(
            parent=product, structure=Product.CHILD, title=f"Size {at}", upc=f"{product.upc}-{at}"
        )
        for product in rich
        for at in range(VARIANTS)
    )
    _stock([product for product in made if product.structure == Product.STANDALONE] + children)
    _pictures(made)
    _review(rich)
    recommendation = get_model("catalogue", "ProductRecommendation")
    recommendation.objects.bulk_create(
        recommendation(primary=product, recommendation=made[number * RICH + at])
        for number, product in enumerate(rich)
        for at in range(RELATED)
    )
    call_command("rebuild_index", interactive=False, verbosity=0)


def _is_rich(number: int) -> bool:
    return number % RICH == RICH_IS


def _around() -> None:
    country = get_model("address", "Country")
    country.objects.create(
        iso_3166_1_a2="DE", iso_3166_1_a3="DEU", printable_name="Germany", name="Germany",
        is_shipping_country=True,
    )  # fmt: skip
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (10, 10)).save(folder / settings.OSCAR_MISSING_IMAGE_URL)


def _place(products: list) -> None:
    category, placed = get_model("catalogue", "Category"), get_model("catalogue", "ProductCategory")
    categories = [
        category.add_root(name=f"Category {number + 1}")
        for number in range((len(products) + PER_CATEGORY - 1) // PER_CATEGORY)
    ]
    placed.objects.bulk_create(
        placed(product=product, category=categories[number // PER_CATEGORY])
        for number, product in enumerate(products)
    )


def _stock(products: list) -> None:
    partner = get_model("partner", "Partner").objects.create(name="Us")
    record = get_model("partner", "StockRecord")
    record.objects.bulk_create(
        record(
            product=product, partner=partner, partner_sku=product.upc, price=9 + at % 90,
            num_in_stock=MANY,
        )
        for at, product in enumerate(products)
    )  # fmt: skip


def _pictures(products: list) -> None:
    file = BytesIO()
    Image.new("RGB", (1_600, 1_200), (180, 150, 120)).save(file, "JPEG")
    picture = get_model("catalogue", "ProductImage")
    first = picture(product=products[0], display_order=0)
    first.original.save("thing.jpg", ContentFile(file.getvalue()), save=True)
    picture.objects.bulk_create(
        picture(product=product, original=first.original.name, display_order=place)
        for number, product in enumerate(products)
        for place in range(PICTURES if _is_rich(number) else 1)
        if number or place
    )


def _review(products: list) -> None:
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"member-{at}", email=f"member-{at}@example.com", password="!")  # noqa: S106
        for at in range(REVIEWS)
    )
    Review.objects.bulk_create(
        Review(
            product=product, user=user, score=3 + (product.pk + user.pk) % 3, title="As I hoped",
            body="It came soon, well packed, and looks better than on the screen. " * 2,
            status=Review.APPROVED,
        )
        for product in products
        for user in users
    )  # fmt: skip
    for product in products:
        product.rating = product.reviews.aggregate(rating=Avg("score"))["rating"]
    Product.objects.bulk_update(products, ["rating"])
