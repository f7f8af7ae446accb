from wagtail import hooks

from catalog.admin.content_checks import with_our_rules

hooks.register("construct_wagtail_userbar", with_our_rules)
