"""HTML that is pasted into a rich text, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from catalog.tests.factories import make_page

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
PASTE = """([element, html]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    element.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
TOLD = "Scripts and embedded pages were left out of what you pasted."


@pytest.fixture
def text(tab, editor):
    """The description of a product, where something is written already."""
    page = make_page("Tee", description=[("text", "<p>Soft.</p>")])
    tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    text = tab.locator(".public-DraftEditor-content").first
    text.click()
    text.press("End")
    return text


def paste(tab, text, html):
    tab.evaluate(PASTE, [text.element_handle(), html])


def test_scripts_are_left_out_and_the_words_around_them_stay(tab, text):
    paste(
        tab,
        text,
        '<p onclick="alert(1)">Made by <b>hand</b><script>alert(2)</script></p>'
        '<style>p { color: red }</style><iframe src="/elsewhere"></iframe>'
        '<p><a href="javascript:alert(3)">in Wales</a></p>',
    )

    expect(tab.get_by_text(TOLD)).to_be_visible()
    expect(text).to_contain_text("Soft.Made by hand")
    expect(text).to_contain_text("in Wales")
    expect(text).not_to_contain_text("alert")
    expect(text).not_to_contain_text("color")


def test_a_paste_without_scripts_is_left_alone(tab, text):
    paste(tab, text, "<p>Made by <b>hand</b></p>")

    expect(text).to_contain_text("Soft.Made by hand")
    expect(tab.get_by_text(TOLD)).to_have_count(0)
