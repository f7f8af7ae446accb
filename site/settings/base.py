"""What every way of running the shop shares; whatever may differ comes from the environment."""

import re
from pathlib import Path

import environ
from babel.numbers import list_currencies
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .people import *
from .schedule import CELERY_BEAT_SCHEDULE  # noqa: F401 - a setting as well
from .workers import *

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
# Values from outside must not be read as references to other variables ("$" in a password).
env.interpolate = False

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = env.bool("DEBUG", default=False)

INSTALLED_APPS = [
    "home",
    "social",
    "search",
    "orders",
    "cart",
    "catalog",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_countries",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "home.seo.noindex.NoIndexMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storefront.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "social.sessions.MemberMiddleware",
    "home.maintenance.closed",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "social.devices.last_seen",
    "social.entrance.never_kept",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "catalog.redirects.MovedPagesMiddleware",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "cart.context_processors.cart",
                "home.context_processors.shop",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------
if "DATABASE_URL" in env.ENVIRON:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    # Not as a URL, in which a folder's name could mean something else ("#", "?", "%41").
    DATABASES = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "shop.sqlite3"}
    }
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # With Django's defaults 190 of 200 concurrent buyers got "database is locked";
    # taking the write lock at BEGIN and waiting for it gave none (docs/decisions/0003).
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
            "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864;"
            "PRAGMA cache_size=-20000;"
        ),
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    # A `SELECT 1` for each request that asks the database, so that its restart costs none: 0.05 ms,
    # of them 0.03 ms of CPU, beside 4 ms and more for the page. psycopg's pool would check as
    # often, by an empty query that takes as long, and wants connections that do not persist.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: cache, counters, and (unless told otherwise) broker -------------
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/1")
CACHES = {
    "default": {
        "BACKEND": "storefront.cache.FailOpenRedisCache",
        "LOCATION": REDIS_URL,
        # As long as a shopper may wait for it, which nobody feels (catalog.redis_client).
        "OPTIONS": {"socket_connect_timeout": 0.04, "socket_timeout": 0.05},
    }
}

# Public pages are kept whole until something on them changes; what is being written is not.
PAGE_CACHE = env.bool("PAGE_CACHE", default=not DEBUG)
# At most so many pages lie in Redis, about 16 KiB each.
PAGE_CACHE_SLOTS = env.int("PAGE_CACHE_SLOTS", default=8192)
if PAGE_CACHE_SLOTS < 1:
    raise ImproperlyConfigured(
        f"Set PAGE_CACHE_SLOTS to 1 or more, not {PAGE_CACHE_SLOTS}; PAGE_CACHE=0 keeps no pages"
    )

# A cached copy of a session could bring an old cart back after an outage of Redis,
# and public pages do not read the session at all, so the database is asked each time.
SESSION_ENGINE = "social.sessions"
SESSION_COOKIE_HTTPONLY = True
# Not in the session, which the cart saves by itself (cart.cart.Cart._changing).
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- Celery -----------------------------------------------------------------
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Mail -------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# Without a name in it, mails carry the name that the shop has in its settings.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="shop@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# More than a mail server likes to take, it refuses. 0: as fast as it takes them.
NEWSLETTER_MAILS_PER_MINUTE = env.int("NEWSLETTER_MAILS_PER_MINUTE", default=300)

# --- The shop ---------------------------------------------------------------
# Shuts it for everybody but those who work on it (home.maintenance).
MAINTENANCE = env.bool("MAINTENANCE", default=False)
# Links in mails are built from this, never from what a request says of its host.
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
# A shop that is only tried out asks search engines to leave all of it alone.
NOINDEX = env.bool("NOINDEX", default=False)
SHOP_CURRENCY = env.str("SHOP_CURRENCY", default="EUR").upper()
if SHOP_CURRENCY not in list_currencies():
    raise ImproperlyConfigured(f"SHOP_CURRENCY={SHOP_CURRENCY} is no ISO 4217 code, such as EUR")

# --- Payments: a gateway is offered when what it needs is set ----------------
PAYMENT_GATEWAYS = [
    "orders.payments.bank_transfer.BankTransfer",
    "orders.payments.stripe_checkout.Stripe",
    "orders.payments.paypal.PayPal",
    "orders.payments.demo_card.DemoCard",
]
PAYPAL_BASE_URL = env.str("PAYPAL_BASE_URL", default="https://api-m.paypal.com").rstrip("/")
PAYPAL_CLIENT_ID = env.str("PAYPAL_CLIENT_ID", default="")
PAYPAL_CLIENT_SECRET = env.str("PAYPAL_CLIENT_SECRET", default="")
# Without it no webhook can be proven, and none is taken.
PAYPAL_WEBHOOK_ID = env.str("PAYPAL_WEBHOOK_ID", default="")
STRIPE_BASE_URL = env.str("STRIPE_BASE_URL", default="https://api.stripe.com").rstrip("/")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
# Several while one follows another.
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])

if env.bool("BEHIND_PROXY", default=False):
    # Only behind a proxy that sets or removes this header itself; else anybody could send it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Languages and time -----------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", _("English")),
    ("ko", _("Korean")),
    ("zh-hans", _("Simplified Chinese")),
]
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = env.str("MEDIA_URL", default="/media/")
MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Wagtail ----------------------------------------------------------------
WAGTAIL_SITE_NAME = "Storefront"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Nothing is asked of other hosts, not even the faces of the staff.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# It would write a row for each page below a moved one; catalog.redirects writes one for all.
WAGTAILREDIRECTS_AUTO_CREATE = False
# Half a second, Wagtail's default, writes a revision at nearly every pause in typing.
WAGTAIL_AUTOSAVE_INTERVAL = 3000
# Prices that are approved for a launch wait for it.
WAGTAIL_FINISH_WORKFLOW_ACTION = "catalog.workflows.finish"
WAGTAILIMAGES_IMAGE_MODEL = "catalog.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
# A PNG of 481 KiB can decode to 666 MiB; catalog.pictures refuses it by its header alone.
WAGTAILIMAGES_IMAGE_FORM_BASE = "catalog.pictures.PictureForm"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
# Never what a browser would run, such as HTML: documents come from the shop's own address.
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
# Videos of pages and their captions, which ``home.videos`` sends.
WAGTAILDOCS_EXTENSIONS += ["mp4", "webm", "vtt"]

# --- Searching: by the database, unless a server for it is named -------------
SEARCH_URL = env.str("SEARCH_URL", default="").strip()
if SEARCH_URL and not re.match(r"opensearchs?://[^/?#\s]+(/[a-z0-9][a-z0-9_.-]*)?/?$", SEARCH_URL):
    # Not shown: it may hold a password.
    raise ImproperlyConfigured(
        "SEARCH_URL is none of opensearch://host:9200/index and "
        "opensearchs://user:password@host:9200/index; leave it empty to search by the database"
    )
# Wagtail's own search, in the admin.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Two lines for every page that is saved.
        "django_tasks": {"level": "WARNING"},
    },
}
