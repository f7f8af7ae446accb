"""Pages are made of blocks: the home page's own fields become blocks of it, and the journal begins.

The words and the picture of a home page, of its drafts and of its history too, become a hero;
after it stand the categories and the newest products, which it showed by itself.
"""

import json
from uuid import uuid4

import django.db.models.deletion
import modelcluster.contrib.taggit
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models
from wagtail.blocks import StreamValue

import catalog.addresses
import catalog.permissions
import catalog.previews
import home.blocks.buttons
import home.blocks.scenes
import home.blocks.video
import home.models.body
import home.models.journal

OLD = ("headline", "intro", "picture")


def as_blocks(headline, intro, picture, alt_text, shop):
    """The blocks of a home page in place of its own fields; none where those are empty."""
    if not (headline or intro or picture):
        return []
    hero = {
        "headline": headline or shop,
        "words": intro or "",
        "picture": {
            "image": picture,
            "alt_text": alt_text,
            "decorative": bool(picture) and not alt_text,
        },
        "buttons": [],
        "layout": "end",
    }
    row = {"title": "", "source": "newest", "products": [], "collection": None, "number": 8}
    blocks = [("hero", hero), ("categories", {"title": "", "categories": []}), ("product_row", row)]
    return [{"type": kind, "value": value, "id": str(uuid4())} for kind, value in blocks]


def content_with_blocks(content, alt_texts, shop):
    """What a revision holds, with blocks in place of the old fields; a picture may be gone."""
    kept = {name: value for name, value in content.items() if name not in OLD}
    picture = content.get("picture") if content.get("picture") in alt_texts else None
    blocks = as_blocks(
        content.get("headline"), content.get("intro"), picture, alt_texts.get(picture, ""), shop
    )
    return {**kept, "body": json.dumps(blocks)}


def move_into_blocks(apps, schema_editor):
    HomePage = apps.get_model("home", "HomePage")
    Revision = apps.get_model("wagtailcore", "Revision")
    ContentType = apps.get_model("contenttypes", "ContentType")
    alt_texts = dict(apps.get_model("catalog", "Picture").objects.values_list("pk", "description"))
    settings = apps.get_model("home", "ShopSettings").objects.order_by("pk").first()
    shop = settings.name if settings else "Storefront"
    for page in HomePage.objects.all():
        alt_text = alt_texts.get(page.picture_id, "")
        blocks = as_blocks(page.headline, page.intro, page.picture_id, alt_text, shop)
        page.body = StreamValue(page.body.stream_block, blocks, is_lazy=True)
        page.save(update_fields=["body"])
    kind = ContentType.objects.filter(app_label="home", model="homepage").first()
    for revision in Revision.objects.filter(content_type=kind).iterator():
        if "body" not in revision.content:
            content = content_with_blocks(revision.content, alt_texts, shop)
            Revision.objects.filter(pk=revision.pk).update(content=content)


BLOCKS = [
    ("text", 0),
    ("quote", 4),
    ("faq", 10),
    ("hero", 20),
    ("picture", 21),
    ("split", 26),
    ("gallery", 30),
    ("video", 36),
    ("product_row", 43),
    ("shoppable_picture", 48),
    ("categories", 52),
    ("countdown", 54),
    ("form", 57),
    ("newsletter", 58),
]
LOOKUP = {
    0: (
        "wagtail.blocks.RichTextBlock",
        (),
        {
            "description": "Words with headings, lists and links.",
            "features": ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link"],
            "group": "Words",
            "icon": "pilcrow",
            "label": "Text",
            "preview_value": "<h2>Paper first</h2><p>Each print is made when it is ordered, on cotton paper that keeps its colour for a lifetime.</p>",
            "template": "home/blocks/text.html",
        },
    ),
    1: ("wagtail.blocks.TextBlock", (), {"label": "Quote", "max_length": 600, "rows": 3}),
    2: (
        "wagtail.blocks.CharBlock",
        (),
        {"label": "Who said it", "max_length": 120, "required": False},
    ),
    3: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "help_text": "Such as a newspaper, or “architect in Lyon”.",
            "label": "Where, or who that is",
            "max_length": 160,
            "required": False,
        },
    ),
    4: (
        "wagtail.blocks.StructBlock",
        [[("text", 1), ("author", 2), ("source", 3)]],
        {"group": "Words"},
    ),
    5: ("wagtail.blocks.CharBlock", (), {"label": "Title", "max_length": 120, "required": False}),
    6: ("wagtail.blocks.CharBlock", (), {"label": "Question", "max_length": 200}),
    7: (
        "wagtail.blocks.RichTextBlock",
        (),
        {"features": ["bold", "italic", "link", "ol", "ul"], "label": "Answer"},
    ),
    8: ("wagtail.blocks.StructBlock", [[("question", 6), ("answer", 7)]], {"label": "Question"}),
    9: ("wagtail.blocks.ListBlock", (8,), {"label": "Questions", "min_num": 1}),
    10: ("wagtail.blocks.StructBlock", [[("title", 5), ("questions", 9)]], {"group": "Words"}),
    11: ("wagtail.blocks.CharBlock", (), {"label": "Headline", "max_length": 200}),
    12: (
        "wagtail.blocks.RichTextBlock",
        (),
        {"features": ["bold", "italic", "link"], "label": "Words", "required": False},
    ),
    13: ("wagtail.images.blocks.ImageBlock", [], {"label": "Picture"}),
    14: (
        "wagtail.blocks.CharBlock",
        (),
        {"label": "Text", "max_length": 60, "search_index": False},
    ),
    15: ("wagtail.blocks.PageChooserBlock", (), {"label": "Page", "required": False}),
    16: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "help_text": "Only where no page is chosen.",
            "label": "or address",
            "max_length": 2000,
            "required": False,
            "search_index": False,
            "validators": [home.blocks.buttons.is_address],
        },
    ),
    17: ("wagtail.blocks.StructBlock", [[("text", 14), ("page", 15), ("address", 16)]], {}),
    18: (
        "wagtail.blocks.ListBlock",
        (17,),
        {"collapsed": False, "default": [], "label": "Buttons", "max_num": 2, "min_num": 0},
    ),
    19: (
        "wagtail.blocks.ChoiceBlock",
        [],
        {
            "choices": [
                ("end", "words, then the picture"),
                ("start", "the picture, then words"),
                ("panel", "a wide picture, words on a panel"),
            ],
            "help_text": "An upright picture hangs on a wall. For the panel, take a wide one.",
            "label": "Layout",
        },
    ),
    20: (
        "wagtail.blocks.StructBlock",
        [[("headline", 11), ("words", 12), ("picture", 13), ("buttons", 18), ("layout", 19)]],
        {"group": "Pictures"},
    ),
    21: (
        "wagtail.images.blocks.ImageBlock",
        [],
        {
            "description": "One picture, as wide as the text.",
            "group": "Pictures",
            "label": "Picture",
            "preview_value": home.blocks.scenes.some_picture,
            "template": "home/blocks/picture.html",
        },
    ),
    22: ("wagtail.blocks.CharBlock", (), {"label": "Title", "max_length": 120}),
    23: (
        "wagtail.blocks.RichTextBlock",
        (),
        {"features": ["bold", "italic", "link", "ol", "ul"], "label": "Words"},
    ),
    24: (
        "wagtail.blocks.ListBlock",
        (17,),
        {"collapsed": False, "default": [], "label": "Buttons", "max_num": 1, "min_num": 0},
    ),
    25: (
        "wagtail.blocks.ChoiceBlock",
        [],
        {
            "choices": [("start", "before the words"), ("end", "after the words")],
            "label": "The picture stands",
        },
    ),
    26: (
        "wagtail.blocks.StructBlock",
        [[("title", 22), ("words", 23), ("picture", 13), ("buttons", 24), ("side", 25)]],
        {"group": "Pictures"},
    ),
    27: (
        "wagtail.blocks.CharBlock",
        (),
        {"label": "Caption", "max_length": 200, "required": False},
    ),
    28: ("wagtail.blocks.StructBlock", [[("picture", 13), ("caption", 27)]], {"label": "Picture"}),
    29: ("wagtail.blocks.ListBlock", (28,), {"label": "Pictures", "max_num": 24, "min_num": 2}),
    30: ("wagtail.blocks.StructBlock", [[("title", 5), ("pictures", 29)]], {"group": "Pictures"}),
    31: (
        "wagtail.blocks.CharBlock",
        (),
        {"help_text": "What is to be seen, in a few words.", "label": "Title", "max_length": 120},
    ),
    32: (
        "wagtail.images.blocks.ImageBlock",
        [],
        {"help_text": "Shown until the video is started. Best in 16:9.", "label": "Picture"},
    ),
    33: (
        "wagtail.documents.blocks.DocumentChooserBlock",
        (),
        {
            "help_text": "Your own file, .mp4 (H.264) or .webm, uploaded as a document.",
            "label": "Video",
            "required": False,
            "validators": [home.blocks.video.is_video],
        },
    ),
    34: (
        "wagtail.documents.blocks.DocumentChooserBlock",
        (),
        {
            "help_text": "A .vtt file with what is said, for those who do not hear it.",
            "label": "Captions",
            "required": False,
            "validators": [home.blocks.video.is_captions],
        },
    ),
    35: (
        "wagtail.blocks.URLBlock",
        (),
        {
            "help_text": "Of a video that stands elsewhere. It is linked, and nothing is loaded from there before somebody goes there.",
            "label": "or its address",
            "required": False,
        },
    ),
    36: (
        "wagtail.blocks.StructBlock",
        [[("title", 31), ("picture", 32), ("file", 33), ("captions", 34), ("address", 35)]],
        {"group": "Pictures"},
    ),
    37: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "help_text": "Leave it empty to use the name of the collection or of the ranking.",
            "label": "Title",
            "max_length": 120,
            "required": False,
        },
    ),
    38: (
        "wagtail.blocks.ChoiceBlock",
        [],
        {
            "choices": [
                ("hand", "the products picked below"),
                ("collection", "the collection chosen below"),
                ("newest", "the newest"),
                ("week", "most viewed this week"),
                ("ever", "most viewed ever"),
                ("selling", "best sellers"),
                ("liked", "most liked"),
                ("rated", "best rated"),
            ],
            "label": "It shows",
        },
    ),
    39: ("wagtail.blocks.PageChooserBlock", ("catalog.ProductPage",), {"label": "Product"}),
    40: (
        "wagtail.blocks.ListBlock",
        (39,),
        {"default": [], "label": "Products", "max_num": 12, "min_num": 0},
    ),
    41: (
        "wagtail.blocks.PageChooserBlock",
        ("catalog.CollectionPage",),
        {"label": "Collection", "required": False},
    ),
    42: (
        "wagtail.blocks.IntegerBlock",
        (),
        {"default": 4, "label": "At most", "max_value": 12, "min_value": 4, "required": True},
    ),
    43: (
        "wagtail.blocks.StructBlock",
        [[("title", 37), ("source", 38), ("products", 40), ("collection", 41), ("number", 42)]],
        {"group": "Products"},
    ),
    44: (
        "wagtail.blocks.IntegerBlock",
        (),
        {"default": 50, "label": "From the left, %", "max_value": 99, "min_value": 1},
    ),
    45: (
        "wagtail.blocks.IntegerBlock",
        (),
        {"default": 50, "label": "From the top, %", "max_value": 99, "min_value": 1},
    ),
    46: ("wagtail.blocks.StructBlock", [[("product", 39), ("x", 44), ("y", 45)]], {}),
    47: (
        "wagtail.blocks.ListBlock",
        (46,),
        {
            "help_text": "Click on the picture above to place the spot that you edit.",
            "label": "Spots",
            "max_num": 12,
            "min_num": 1,
        },
    ),
    48: (
        "wagtail.blocks.StructBlock",
        [[("title", 5), ("words", 12), ("picture", 13), ("spots", 47)]],
        {"group": "Products"},
    ),
    49: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "help_text": "Leave it empty for “Browse”.",
            "label": "Title",
            "max_length": 120,
            "required": False,
        },
    ),
    50: (
        "wagtail.blocks.PageChooserBlock",
        (["catalog.CategoryPage", "catalog.CollectionPage"],),
        {"label": "Category"},
    ),
    51: (
        "wagtail.blocks.ListBlock",
        (50,),
        {
            "default": [],
            "help_text": "Leave it empty for all of the first level, in the order of the tree.",
            "label": "Categories",
            "max_num": 12,
            "min_num": 0,
        },
    ),
    52: (
        "wagtail.blocks.StructBlock",
        [[("title", 49), ("categories", 51)]],
        {"group": "Products"},
    ),
    53: (
        "wagtail.blocks.DateTimeBlock",
        (),
        {"help_text": "In the time of the shop.", "label": "Moment"},
    ),
    54: (
        "wagtail.blocks.StructBlock",
        [
            [
                ("at", 53),
                ("title", 22),
                ("words", 12),
                ("buttons", 24),
                ("title_after", 22),
                ("words_after", 12),
                ("buttons_after", 24),
            ]
        ],
        {"group": "With shoppers"},
    ),
    55: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "help_text": "Leave it empty for the title of the form's page.",
            "label": "Title",
            "max_length": 120,
            "required": False,
        },
    ),
    56: ("wagtail.blocks.PageChooserBlock", ("home.FormPage",), {"label": "Page with the form"}),
    57: ("wagtail.blocks.StructBlock", [[("title", 55), ("form", 56)]], {"group": "With shoppers"}),
    58: (
        "wagtail.blocks.StructBlock",
        [[("title", 22), ("words", 12)]],
        {"group": "With shoppers"},
    ),
}


def body(**options):
    return wagtail.fields.StreamField(BLOCKS, block_lookup=LOOKUP, blank=True, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0006_people"),
        ("catalog", "0009_people_figures"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="homepage",
            name="body",
            field=body(
                help_text="Without any, it shows the categories and what is new.",
                verbose_name="content",
            ),
        ),
        migrations.RunPython(move_into_blocks, migrations.RunPython.noop),
        migrations.CreateModel(
            name="JournalPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("intro", wagtail.fields.RichTextField(blank=True, verbose_name="introduction")),
            ],
            options={
                "verbose_name": "journal",
                "verbose_name_plural": "journals",
            },
            bases=(
                catalog.previews.PreviewsMixin,
                catalog.permissions.DeskMixin,
                catalog.addresses.AddressMixin,
                "wagtailcore.page",
            ),
        ),
        migrations.AlterModelOptions(
            name="contentpage",
            options={"verbose_name": "content page", "verbose_name_plural": "content pages"},
        ),
        migrations.RemoveField(
            model_name="homepage",
            name="headline",
        ),
        migrations.RemoveField(
            model_name="homepage",
            name="intro",
        ),
        migrations.RemoveField(
            model_name="homepage",
            name="picture",
        ),
        migrations.AlterField(
            model_name="contentpage",
            name="body",
            field=body(verbose_name="content"),
        ),
        migrations.CreateModel(
            name="ArticlePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "intro",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences; lists of articles show them too.",
                        max_length=400,
                        verbose_name="introduction",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(default=home.models.journal.today, verbose_name="date"),
                ),
                ("author", models.CharField(blank=True, max_length=120, verbose_name="author")),
                ("body", body(verbose_name="text")),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        help_text="At the head of the article, and in lists. Best in 16:9.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.picture",
                        verbose_name="picture",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
            bases=(
                home.models.body.BodyMixin,
                catalog.previews.PreviewsMixin,
                catalog.permissions.DeskMixin,
                catalog.addresses.AddressMixin,
                "wagtailcore.page",
            ),
        ),
        migrations.CreateModel(
            name="ArticleTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_items",
                        to="home.articlepage",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_items",
                        to="taggit.tag",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="articlepage",
            name="tags",
            field=modelcluster.contrib.taggit.ClusterTaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="home.ArticleTag",
                to="taggit.Tag",
                verbose_name="tags",
            ),
        ),
    ]
