"""The people of a shop: a group for each trade, with what it may do, and the price approval.

Also gives the groups that Wagtail begins with, Editors and Moderators, the permissions on
kinds of pages that the shop's pages now ask for: who could edit before still can.
"""

from django.db import migrations

# (app, model, codenames); a codename of Django's own kind is completed with the model's name.
PICTURES = [
    ("wagtailimages", "image", "add change choose"),
    ("wagtaildocs", "document", "add change choose"),
]
PAGES = {
    "products": ("catalog", "productpage", "change"),
    "collections": ("catalog", "collectionpage", "change"),
    "words": ("home", "contentpage", "change"),
}
ADMIN = ("wagtailadmin", "admin", "access_admin")
CATALOGUE = [
    PAGES["products"],
    PAGES["collections"],
    ("catalog", "sku", "add change delete view view_cost"),
    ("catalog", "price", "add view"),
    ("catalog", "stock", "change view"),
    ("catalog", "pricebatch", "add change delete view"),
    ("catalog", "launch", "add change delete view"),
    ("catalog", "attribute", "add change delete view"),
    ("catalog", "brand", "add change delete view"),
    ("catalog", "taxclass", "view"),
    ("catalog", "job", "add view"),
    ("taggit", "tag", "add change delete view"),
]
GROUPS = {
    "Merchandiser": CATALOGUE,
    "Fulfilment": [
        ("orders", "order", "view change"),
        ("catalog", "stock", "change view"),
        ("catalog", "sku", "view"),
    ],
    "Marketer": [
        PAGES["words"],
        PAGES["collections"],
        ("catalog", "launch", "add change delete view"),
        ("wagtailredirects", "redirect", "add change delete view"),
        ("home", "shopsettings", "change"),
    ],
    "Finance": [
        ("orders", "order", "view change"),
        ("catalog", "pricebatch", "change publish view"),
        ("catalog", "price", "view"),
        ("catalog", "sku", "view view_cost"),
    ],
    "Owner": [
        *CATALOGUE,
        PAGES["words"],
        ("catalog", "pricebatch", "publish lock unlock"),
        ("catalog", "taxclass", "add change delete"),
        ("catalog", "catalogsettings", "change"),
        ("home", "shopsettings", "change"),
        ("orders", "order", "view change"),
        ("wagtailredirects", "redirect", "add change delete view"),
        ("social", "user", "add change delete view"),
        ("auth", "group", "add change delete view"),
        ("wagtailcore", "site", "add change delete view"),
        ("wagtailcore", "locale", "add change delete view"),
        ("simple_translation", "simpletranslation", "submit_translation"),
        ("wagtailcore", "workflow", "add change delete view"),
        ("wagtailcore", "task", "add change delete view"),
    ],
}
# Who edits pages, and therefore has rights on the tree and on pictures.
EDIT_PAGES = {
    "Merchandiser": "add change publish bulk_delete lock unlock",
    "Marketer": "add change publish bulk_delete lock unlock",
    "Owner": "add change publish bulk_delete lock unlock",
}
# Who keeps order among pictures and files; like those, a right on a branch of their tree.
KEEP_COLLECTIONS = ["Owner"]
COLLECTIONS = [("wagtailcore", "collection", "add change delete")]
DJANGOS_OWN = {
    "add",
    "change",
    "delete",
    "view",
    "choose",
    "publish",
    "lock",
    "unlock",
    "bulk_delete",
}
WORKFLOW = "Price approval"


def create_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, permissions in GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(apps, [ADMIN, *permissions]))
        if name in EDIT_PAGES:
            _let_edit_pages(apps, group, EDIT_PAGES[name])
        if name in KEEP_COLLECTIONS:
            _on_all_collections(apps, group, COLLECTIONS)
    for group in Group.objects.filter(name__in=["Editors", "Moderators"]):
        group.permissions.add(*_permissions(apps, PAGES.values()))
    _ask_finance_for_prices(apps)


def _permissions(apps, wanted):
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    found = []
    for app, model, codenames in wanted:
        # They are made after the last migration, which is too late here.
        content_type, _created = ContentType.objects.get_or_create(app_label=app, model=model)
        for name in codenames.split():
            codename = f"{name}_{model}" if name in DJANGOS_OWN else name
            permission, _created = Permission.objects.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": f"Can {codename.replace('_', ' ')}"},
            )
            found.append(permission)
    return found


def _let_edit_pages(apps, group, actions):
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for permission in _permissions(apps, [("wagtailcore", "page", actions)]):
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group, page=root, permission=permission
        )
    _on_all_collections(apps, group, PICTURES)


def _on_all_collections(apps, group, wanted):
    collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for permission in _permissions(apps, wanted):
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def _ask_finance_for_prices(apps):
    """Who may write price batches but not publish them submits them; Finance or an owner approves."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    if Workflow.objects.filter(name=WORKFLOW).exists():
        return
    task_type, _created = ContentType.objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.create(
        name=WORKFLOW, active=True, content_type=task_type
    )
    task.groups.set(apps.get_model("auth", "Group").objects.filter(name__in=["Finance", "Owner"]))
    workflow = Workflow.objects.create(name=WORKFLOW, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task=task, sort_order=0
    )
    batches, _created = ContentType.objects.get_or_create(app_label="catalog", model="pricebatch")
    apps.get_model("wagtailcore", "WorkflowContentType").objects.create(
        workflow=workflow, content_type=batches
    )


def remove_groups(apps, schema_editor):
    Workflow = apps.get_model("wagtailcore", "Workflow")
    Task = apps.get_model("wagtailcore", "Task")
    Workflow.objects.filter(name=WORKFLOW).delete()
    Task.objects.filter(name=WORKFLOW).delete()
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_home_page"),
        ("catalog", "0002_desk"),
        ("orders", "0001_initial"),
        ("social", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailadmin", "0005_editingsession_is_editing"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(create_groups, remove_groups)]
