"""The shop in Korean and Simplified Chinese: every text of ours, and pages, forms and mails."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils.translation import override, to_locale
from django.utils.translation.template import templatize
from wagtail.models import Locale, Page

from catalog.models import ProductPage
from catalog.tests.factories import make_category, make_page, make_sku
from orders import outbox
from orders.models import Order
from orders.tests.factories import FORM
from tests.outline import Outline

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
NAMES = ["_"] + [
    f"{plural}{context}gettext{lazy}"
    for plural in ("", "n")
    for context in ("", "p")
    for lazy in ("", "_lazy")
]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+>")


def sources() -> list[Path]:
    apps = ["cart", "catalog", "home", "orders", "search", "site", "social"]
    modules = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    texts = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    return modules + texts


def messages_in(path: Path) -> set[tuple[object, ...]]:
    """(context, message, plural) for every text of a file, without the tools of gettext."""
    source = path.read_text()
    if path.suffix != ".py":
        # Django turns a template into calls of gettext; their indentation means nothing.
        calls = templatize(source, origin=str(path))
        source = "\n".join(line.lstrip() for line in calls.splitlines())
    found = set()
    for _line, name, texts, _comments in extract_python(BytesIO(source.encode()), NAMES, [], {}):
        texts = list(texts) if isinstance(texts, tuple) else [texts]
        context = texts.pop(0) if "pgettext" in name else None
        found.add((context, texts[0], texts[1] if name.startswith("n") else None))
    return found


def key(message) -> tuple[object, ...]:
    one, plural = (message.id, None) if isinstance(message.id, str) else message.id
    return (message.context, one, plural)


def texts_of(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def folder(language: str) -> Path:
    return settings.LOCALE_PATHS[0] / to_locale(language) / "LC_MESSAGES"


def catalogue(language: str) -> Catalog:
    with (folder(language) / "django.po").open("rb") as file:
        return pofile.read_po(file, locale=to_locale(language), abort_invalid=True)


@pytest.mark.once
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_ours_is_translated_and_no_other(language):
    used = set().union(*(messages_in(path) for path in sources()))
    po = catalogue(language)

    assert {key(message) for message in po if message.id} == used, "run `make messages`"
    assert not po.obsolete
    assert po.num_plurals == 1
    for message in po:
        if message.id:
            assert not message.fuzzy, message.id
            assert all(texts_of(message)), message.id
            _context, one, plural = key(message)
            for text in texts_of(message):
                wanted = sorted(PLACEHOLDER.findall(plural or one))
                assert sorted(PLACEHOLDER.findall(text)) == wanted, message.id


@pytest.mark.once
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    anew = BytesIO()
    mofile.write_mo(anew, catalogue(language))
    anew.seek(0)
    with (folder(language) / "django.mo").open("rb") as file:
        compiled, expected = (
            {key(message): texts_of(message) for message in mo if message.id}
            for mo in (mofile.read_mo(file), mofile.read_mo(anew))
        )

    assert len(expected) == len(catalogue(language))
    assert compiled == expected, "run `make messages`"


@pytest.mark.once
def test_a_catalogue_names_no_person_machine_or_day():
    for path in settings.LOCALE_PATHS[0].rglob("*.po"):
        text = path.read_text()
        assert "Project-Id-Version: Storefront" in text
        assert not re.search(r"-Date:|@\w|^#:|/home/|/work/", text, re.MULTILINE)


@pytest.fixture
def dune(db) -> ProductPage:
    page = make_page("Dune", make_category("Posters"))
    make_sku(page, "DUNE-A3", price="20.00", on_hand=3)
    return page


@pytest.fixture
def sagu(dune) -> ProductPage:
    """The same product in a Korean tree: home, category and product are translated."""
    korean, _created = Locale.objects.get_or_create(language_code="ko")
    for page, title in ((dune.get_parent().get_parent(), "홈"), (dune.get_parent(), "포스터")):
        translate(page.specific, korean, title)
    return translate(dune, korean, "사구")


def translate(page: Page, locale: Locale, title: str) -> Page:
    translated = page.copy_for_translation(locale, copy_parents=True)
    translated.title = title
    translated.save_revision().publish()
    return type(page).objects.get(pk=translated.pk)


def buyer(prefix: str = "") -> Client:
    client = Client()
    client.post(
        f"{prefix}/cart/add/",
        {"code": "DUNE-A3", "quantity": 2},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return client


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def links(text: str) -> list[str | None]:
    """Where a page leads to, but for its switch of languages."""
    return [link.get("href") for link in Outline(text).all("a") if "hreflang" not in link]


def check_out(client: Client, path: str, **values: str):
    fields = Outline(page_of(client, path)).all("input")
    hidden = {field["name"]: field["value"] for field in fields if field.get("type") == "hidden"}
    return client.post(path, {**hidden, **FORM, **values})


@pytest.mark.parametrize(
    ("language", "heading", "added"),
    [("ko", "장바구니", "장바구니에 담았습니다."), ("zh-hans", "购物车", "已加入购物车。")],
)
def test_the_cart_is_in_the_language_of_its_address(language, heading, added, dune):
    text = page_of(buyer(f"/{language}"), f"/{language}/cart/")

    assert Outline(text).all("html")[0]["lang"] == language
    assert re.search(r"<h1>(.*?)</h1>", text)[1] == heading
    assert added in text
    assert f"/{language}/orders/checkout/" in links(text)


def test_a_message_made_at_import_time_is_in_the_language_too(dune):
    client = buyer()
    client.post("/ko/cart/update/", {"code": "DUNE-A3", "quantity": 0})

    assert "수량은 1개부터 999개까지 선택할 수 있습니다." in page_of(client, "/ko/cart/")


def test_mistakes_in_the_checkout_are_explained_in_korean(dune):
    client = buyer("/ko")

    answer = check_out(client, "/ko/orders/checkout/", email="ada@", city="", address="1\n2")
    text = answer.content.decode()

    assert answer.status_code == 200
    for expected in (
        "다음 항목을 다시 확인해 주세요.",
        "도시: 필수",
        "이메일: 올바른 이메일 주소를 입력하세요.",
        "주소: 한 줄로 입력해 주세요.",
        "대한민국",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("language", "subject", "expected"),
    [
        (
            "ko",
            "주문",
            ["홍길동", "대한민국", "US$40.00"],
        ),
        ("zh-hans", "订单", ["洪吉东", "韩国", "US$40.00"]),
    ],
)
def test_the_mail_of_an_order_is_in_the_language_it_was_placed_in(
    language, subject, expected, db, settings
):
    settings.SHOP_CURRENCY = "USD"
    make_sku(make_page("Dune"), "DUNE-A3", price="20.00")
    names = {"ko": ("길동", "홍"), "zh-hans": ("吉东", "洪")}
    first_name, last_name = names[language]
    answer = check_out(
        buyer(),
        f"/{language}/orders/checkout/",
        first_name=first_name,
        last_name=last_name,
        address="세종대로 110",
        postal_code="04524",
        city="중구",
        region="서울특별시",
        country="KR",
    )
    order = Order.objects.get()

    outbox.drain()

    [sent] = mail.outbox
    assert answer.url == f"/{language}/orders/{order.secret}/"
    assert subject in sent.subject
    assert order.number in sent.subject
    for text in (sent.body, sent.alternatives[0].content):
        assert not [phrase for phrase in expected if phrase not in text]
        assert f"{settings.BASE_URL}{answer.url}" in text
    assert f'<html lang="{language}">' in sent.alternatives[0].content


def test_a_translated_page_sells_the_same_things(dune, sagu):
    assert sagu.product == dune.product
    text = page_of(Client(), "/ko/posters/dune/")

    assert re.search(r'class="product__title">(.*?)<', text)[1] == "사구"
    for expected in ("DUNE-A3", "€20.00", "3개 남음", "장바구니에 담기"):
        assert expected in text
    assert "Dune" in page_of(Client(), "/posters/dune/")

    order = Order.objects.get(secret=check_out(buyer("/ko"), "/ko/orders/checkout/").url[11:-1])

    assert order.items.get().title == "사구"
    assert "Only 1 left" in page_of(Client(), "/posters/dune/")
    assert "1개 남음" in page_of(Client(), "/ko/posters/dune/")


def test_ways_through_the_shop_stay_in_the_tree_of_the_language(dune, sagu):
    for path in ("/ko/", "/ko/posters/", "/ko/posters/dune/", "/ko/cart/"):
        text = page_of(Client(), path)
        inside = [link for link in links(text) if link.startswith("/")]
        assert {"/ko/", "/ko/posters/", "/ko/cart/"} <= set(inside)
        assert all(link.startswith("/ko/") for link in inside), path
        assert "Posters" not in text
    for path in ("/", "/posters/", "/posters/dune/", "/cart/"):
        assert not [link for link in links(page_of(Client(), path)) if "/ko/" in link]


def test_a_product_is_found_once_and_in_the_language(dune, sagu):
    def found(path: str) -> list[str]:
        return [link for link in links(page_of(Client(), path)) if "posters/dune" in link]

    assert found("/ko/search/?q=사구") == ["/ko/posters/dune/"]
    for path, expected in (
        ("/search/?q=DUNE-A3", "/posters/dune/"),
        ("/ko/search/?q=DUNE-A3", "/ko/posters/dune/"),
        # No tree of its own: what there is, is found.
        ("/zh-hans/search/?q=DUNE-A3", "/posters/dune/"),
    ):
        # The code of a variant leads to its product at once.
        assert Client().get(path).url == expected


def test_a_line_of_the_cart_has_the_title_of_the_language(dune, sagu):
    client = buyer()

    assert "사구" in page_of(client, "/ko/cart/")
    assert "/ko/posters/dune/" in links(page_of(client, "/ko/cart/"))
    assert "Dune" in page_of(client, "/cart/")
    assert "사구" not in page_of(client, "/cart/")


def test_without_a_tree_of_its_own_a_language_shows_the_shop_there_is(dune):
    """The buttons are Korean, the story is English, and no link leads nowhere."""
    for path in ("/ko/", "/ko/posters/", "/ko/posters/dune/", "/ko/search/?q=dune", "/ko/cart/"):
        text = page_of(Client(), path)
        assert '<html lang="ko">' in text
        for link in {link for link in links(text) if link.startswith("/")}:
            # A member's own pages lead to the login.
            assert Client().get(link, follow=True).status_code == 200, link
    assert f'{settings.BASE_URL}/posters/dune/"' in page_of(Client(), "/ko/posters/dune/")


def test_a_draft_of_a_tree_is_shown_to_nobody(dune, sagu):
    Page.objects.get(locale__language_code="ko", depth=2).specific.unpublish()

    assert "Dune" in page_of(Client(), "/ko/posters/dune/")
    assert "/posters/" in links(page_of(Client(), "/ko/"))


@pytest.mark.parametrize(("language", "heading"), [("ko", "페이지를"), ("zh-hans", "您访问的页面")])
def test_a_page_that_is_not_there_leads_back_to_the_shop(language, heading, dune):
    answer = Client().get(f"/{language}/nowhere/")
    text = answer.content.decode()

    assert answer.status_code == 404
    assert heading in text
    assert f"/{language}/" in links(text)
    page_of(Client(), f"/{language}/")


def test_the_admin_is_translated_for_merchandisers(admin_client, admin_user, dune):
    from wagtail.users.models import UserProfile

    UserProfile.objects.create(user=admin_user, preferred_language="ko")

    assert "품목·가격·재고" in page_of(admin_client, f"/admin/pages/{dune.pk}/edit/")
    with override("zh-hans"):
        assert str(ProductPage._meta.verbose_name) == "商品页面"
