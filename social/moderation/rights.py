"""Who may do what with reviews: read all of them, say which are shown, delete them."""

from wagtail.permission_policies import ModelPermissionPolicy

from social.models import Review

VIEW = "social.view_review"
CHANGE = "social.change_review"
DELETE = "social.delete_review"

policy = ModelPermissionPolicy(Review)
