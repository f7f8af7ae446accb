"""Everything between a fresh checkout and a shop one can open; does nothing the second time."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from wagtail.models import Site

from catalog.models import Product

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
DEFAULT_PORTS = {"http": 80, "https": 443}


class Command(BaseCommand):
    help = "Migrate, load the demo into an empty database, create the owner's account."
    # They import every view, which the web server is about to do anyway.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty shop empty")

    def handle(self, **options: Any) -> None:
        try:
            self._migrate()
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        wants_demo = not options["no_demo"] and os.environ.get("DEMO") != "0"
        # The demo is loaded in one transaction: killed in its midst, the shop is still empty.
        if wants_demo and not _in_use():
            self.stdout.write("Drawing and loading the demo shop, which takes a minute …")
            call_command("load_demo", stdout=self.stdout)
        with transaction.atomic():
            self._create_owner()
        _move_site_to(settings.BASE_URL)
        if left_out := getattr(settings, "NOT_COLLECTED_AT_START", None):
            call_command(
                "collectstatic",
                clear=True,
                ignore_patterns=left_out,
                interactive=False,
                verbosity=0,
                skip_checks=True,
            )

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)

    def _create_owner(self) -> None:
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        name = os.environ.get("OWNER_USERNAME") or "owner"
        given = os.environ.get("OWNER_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        email = os.environ.get("OWNER_EMAIL") or "owner@example.com"
        users.create_superuser(name, email, password)
        # Before the commit: a password shown for nothing is better than one never shown.
        shown = "as given in OWNER_PASSWORD" if given else f"{password}   (shown only this once)"
        self.stdout.write(f"\n  Owner     {name}\n  Password  {shown}\n")
        self.stdout.flush()


def _in_use() -> bool:
    """Whether somebody has begun: a shop whose owner removed the demo does not get it again."""
    return Product.objects.exists() or get_user_model().objects.exists()


def _move_site_to(base_url: str) -> None:
    """Let links of a shop on this machine carry its port; a real host name is left alone."""
    url = urlsplit(base_url)
    port = url.port or DEFAULT_PORTS.get(url.scheme, 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or not {url.hostname, site.hostname} <= LOCAL_HOSTS:
        return
    if (site.hostname, site.port) != (url.hostname, port):
        site.hostname, site.port = url.hostname, port
        site.save()
