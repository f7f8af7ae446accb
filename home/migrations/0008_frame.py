import uuid
from importlib import import_module

import django.db.models.deletion
import home.models.frame
import wagtail.fields
from django.db import migrations, models

groups = import_module("home.migrations.0003_groups")

FRAME = [
    ("home", "menu", "add change delete publish view"),
    ("home", "announcement", "add change delete publish view"),
]
# Those who may already say what the shop is called.
GROUPS = ("Marketer", "Owner")


def grant(apps, schema_editor):
    # A shop may have renamed or deleted the groups it began with.
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*groups._permissions(apps, FRAME))


def take_away(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*groups._permissions(apps, FRAME))


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0007_blocks"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="shopsettings",
            name="opening_hours",
            field=wagtail.fields.StreamField(
                [("hours", 3)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("Monday", "Monday"),
                                ("Tuesday", "Tuesday"),
                                ("Wednesday", "Wednesday"),
                                ("Thursday", "Thursday"),
                                ("Friday", "Friday"),
                                ("Saturday", "Saturday"),
                                ("Sunday", "Sunday"),
                            ],
                            "label": "Days",
                        },
                    ),
                    1: ("wagtail.blocks.TimeBlock", (), {"label": "opens"}),
                    2: (
                        "wagtail.blocks.TimeBlock",
                        (),
                        {"help_text": "Earlier than it opens: after midnight.", "label": "closes"},
                    ),
                    3: (
                        "wagtail.blocks.StructBlock",
                        [[("days", 0), ("opens", 1), ("closes", 2)]],
                        {},
                    ),
                },
                help_text="Days that are in none are shown as closed. Two rows make a break at noon.",
                verbose_name="opening hours",
            ),
        ),
        migrations.AddField(
            model_name="shopsettings",
            name="other_hours",
            field=wagtail.fields.StreamField(
                [("other", 5)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.DateBlock", (), {"label": "from"}),
                    1: (
                        "wagtail.blocks.DateBlock",
                        (),
                        {"help_text": "Empty: that day only.", "label": "until", "required": False},
                    ),
                    2: (
                        "wagtail.blocks.TimeBlock",
                        (),
                        {"help_text": "Empty: closed.", "label": "opens", "required": False},
                    ),
                    3: ("wagtail.blocks.TimeBlock", (), {"label": "closes", "required": False}),
                    4: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "why", "max_length": 80, "required": False},
                    ),
                    5: (
                        "wagtail.blocks.StructBlock",
                        [[("first", 0), ("last", 1), ("opens", 2), ("closes", 3), ("why", 4)]],
                        {},
                    ),
                },
                help_text="Shown from three weeks before until they are over.",
                verbose_name="holidays and other hours",
            ),
        ),
        migrations.AddField(
            model_name="shopsettings",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="phone"),
        ),
        migrations.AddField(
            model_name="shopsettings",
            name="postal_address",
            field=models.TextField(
                blank=True,
                help_text="As on an envelope.",
                max_length=400,
                verbose_name="postal address",
            ),
        ),
        migrations.AddField(
            model_name="shopsettings",
            name="social_links",
            field=wagtail.fields.StreamField(
                [("link", 2)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("instagram", "Instagram"),
                                ("facebook", "Facebook"),
                                ("youtube", "YouTube"),
                                ("tiktok", "TikTok"),
                                ("pinterest", "Pinterest"),
                                ("x", "X"),
                                ("bluesky", "Bluesky"),
                                ("mastodon", "Mastodon"),
                                ("linkedin", "LinkedIn"),
                                ("other", "another place"),
                            ],
                            "label": "Where",
                        },
                    ),
                    1: ("wagtail.blocks.URLBlock", (), {"label": "Address"}),
                    2: ("wagtail.blocks.StructBlock", [[("network", 0), ("url", 1)]], {}),
                },
                verbose_name="elsewhere",
            ),
        ),
        migrations.AlterField(
            model_name="shopsettings",
            name="footer",
            field=wagtail.fields.RichTextField(blank=True, verbose_name="small print"),
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                ("text", models.CharField(max_length=160, verbose_name="text")),
                (
                    "link",
                    wagtail.fields.StreamField(
                        [("link", 3)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"label": "Page", "required": False},
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Such as /search/ or https://example.com",
                                    "label": "or an address",
                                    "max_length": 500,
                                    "required": False,
                                },
                            ),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Leave empty to show the title of the page, also when it changes.",
                                    "label": "Words",
                                    "max_length": 80,
                                    "required": False,
                                },
                            ),
                            3: (
                                "wagtail.blocks.StructBlock",
                                [[("page", 0), ("address", 1), ("title", 2)]],
                                {},
                            ),
                        },
                        verbose_name="link",
                    ),
                ),
                (
                    "starts",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: from when it is published.",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                (
                    "ends",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: until it is unpublished.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "tone",
                    models.CharField(
                        choices=[("calm", "calm"), ("loud", "loud"), ("warning", "a warning")],
                        default="calm",
                        max_length=10,
                        verbose_name="tone",
                    ),
                ),
                (
                    "can_be_closed",
                    models.BooleanField(
                        default=True,
                        help_text="A shopper who closes it sees it again when its words have changed.",
                        verbose_name="can be closed",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "ordering": [
                    models.OrderBy(models.F("starts"), descending=True, nulls_last=True),
                    "-pk",
                ],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
            bases=(home.models.frame.FramePreviewsMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Menu",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Shoppers never see it.", max_length=100, verbose_name="name"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("navigation", "navigation, at the top"),
                            ("footer", "columns, at the bottom"),
                        ],
                        default="navigation",
                        max_length=10,
                        verbose_name="place",
                    ),
                ),
                (
                    "entries",
                    wagtail.fields.StreamField(
                        [("entry", 6)],
                        block_lookup={
                            0: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"label": "Page", "required": False},
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Such as /search/ or https://example.com",
                                    "label": "or an address",
                                    "max_length": 500,
                                    "required": False,
                                },
                            ),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Leave empty to show the title of the page, also when it changes.",
                                    "label": "Words",
                                    "max_length": 80,
                                    "required": False,
                                },
                            ),
                            3: (
                                "wagtail.blocks.StructBlock",
                                [[("page", 0), ("address", 1), ("title", 2)]],
                                {},
                            ),
                            4: (
                                "wagtail.blocks.ListBlock",
                                (3,),
                                {
                                    "default": [],
                                    "label": "Below it",
                                    "max_num": 24,
                                    "required": False,
                                },
                            ),
                            5: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "help_text": "Its categories, and other pages below it that are shown in menus.",
                                    "label": "Also list the pages below the page",
                                    "required": False,
                                },
                            ),
                            6: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("page", 0),
                                        ("address", 1),
                                        ("title", 2),
                                        ("links", 4),
                                        ("with_children", 5),
                                    ]
                                ],
                                {},
                            ),
                        },
                        verbose_name="entries",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "menu",
                "verbose_name_plural": "menus",
                "ordering": [
                    models.OrderBy(
                        models.F("first_published_at"), descending=True, nulls_last=True
                    ),
                    "-pk",
                ],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
            bases=(home.models.frame.FramePreviewsMixin, models.Model),
        ),
        migrations.RunPython(grant, take_away),
    ]
