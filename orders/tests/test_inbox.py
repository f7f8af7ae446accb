"""The default inbox: mails kept as files, read in the Wagtail admin."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from orders import inbox

pytestmark = pytest.mark.django_db
INDEX = "/admin/mail/"
HTML = "<p>Thank <b>you</b></p><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "orders.inbox.InboxBackend"


@pytest.fixture
def operator(client):
    user = get_user_model().objects.create_superuser("operator", "op@example.com", "secret")
    client.force_login(user)
    return user


def send(number=1, **fields) -> str:
    """Send a mail and return its name in the inbox."""
    message = EmailMultiAlternatives(
        subject=fields.pop("subject", f"Order {number}: café"),
        body="Thank you\nhttp://localhost:8000/orders/abc/",
        from_email="Shop <shop@example.com>",
        to=["ada@example.com"],
        headers={"Message-ID": f"<mail-{number}@localhost>"},
    )
    message.attach_alternative(HTML, "text/html")
    message.send()
    return f"mail-{number}localhost"


def test_a_mail_is_listed_with_subject_address_and_the_way_to_it(client, operator):
    name = send()

    html = client.get(INDEX).content.decode()

    for shown in ("Order 1: café", "ada@example.com", f'href="{INDEX}{name}/"'):
        assert shown in html


def test_a_mail_is_read_as_text_and_in_a_frame(client, operator):
    html = client.get(f"{INDEX}{send()}/").content.decode()

    assert "Shop &lt;shop@example.com&gt;" in html
    assert '<a href="http://localhost:8000/orders/abc/"' in html
    assert f'src="{INDEX}mail-1localhost/html/"' in html
    assert "sandbox" in html
    assert "<script>alert(1)" not in html


def test_the_html_of_a_mail_can_run_and_load_nothing(client, operator):
    response = client.get(f"{INDEX}{send()}/html/")

    assert response.content.decode().strip() == HTML
    assert response["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_mail_sent_twice_is_listed_once(client, operator):
    send()
    send()

    assert len(client.get(INDEX).context["object_list"]) == 1


def test_only_the_mails_of_the_page_shown_are_opened(client, operator, monkeypatch):
    for number in range(30):
        send(number)
    opened = []
    monkeypatch.setattr(
        inbox, "read", lambda name, read=inbox.read: opened.append(name) or read(name)
    )

    first = client.get(INDEX)
    assert len(first.context["object_list"]) == len(opened) == 25
    assert len(client.get(INDEX, {"p": 2}).context["object_list"]) == 5
    assert "30" in first.content.decode()


def test_a_mail_without_html_or_date_is_read_all_the_same(client, operator):
    send()
    (inbox.folder() / "plain.eml").write_text("Subject: Plain\nTo: ada@example.com\n\nHello\n")

    html = client.get(f"{INDEX}plain/").content.decode()

    assert "Hello" in html
    assert "<iframe" not in html
    assert "Plain" in client.get(INDEX).content.decode()


@pytest.mark.parametrize("name", ["missing", "..", "..%2f..%2fsecret", ".hidden", "mail%00"])
def test_there_is_no_way_to_another_file(client, operator, name, tmp_path):
    send()
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")

    for end in ("", "html/"):
        assert client.get(f"{INDEX}{name}/{end}").status_code == 404


def test_an_empty_inbox_says_so(client, operator):
    assert "No mail yet" in client.get(INDEX).content.decode()


def test_where_mail_is_handed_to_a_server_the_page_says_to_which(client, operator, settings):
    name = send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp.example.com", 587
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "shop", "hunter2"

    html = client.get(INDEX).content.decode()

    assert "smtp.example.com:587" in html
    assert "hunter2" not in html
    assert "Order 1" not in html
    assert client.get(f"{INDEX}{name}/").status_code == 404
    assert INDEX not in client.get("/admin/").content.decode()


def test_mail_which_may_hold_links_to_reset_passwords_is_for_superusers_only(client):
    name = send()
    clerk = get_user_model().objects.create_user("clerk", "clerk@example.com", "secret")
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(clerk)
    addresses = [INDEX, f"{INDEX}{name}/", f"{INDEX}{name}/html/"]

    assert INDEX not in client.get("/admin/").content.decode()
    assert [client.get(address).status_code for address in addresses] == [302, 302, 302]

    clerk.user_permissions.add(Permission.objects.get(codename="view_order"))
    assert [client.get(address).status_code for address in addresses] == [302, 302, 302]

    get_user_model().objects.filter(pk=clerk.pk).update(is_superuser=True)
    assert INDEX in client.get("/admin/").content.decode()
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_a_visitor_is_sent_to_the_login(client):
    assert client.get(INDEX).url.startswith(reverse("account_login"))
