from typing import Any

from django import forms
from django.utils.translation import gettext as _

from social import wish_lists
from social.models import WishList


class ListNameForm(forms.ModelForm):
    class Meta:
        model = WishList
        fields = ["name"]

    def make_list(self, user: Any) -> WishList | None:
        """A new list of this name; None, with an error at the field, where that cannot be."""
        if not self.is_valid():
            return None
        try:
            return wish_lists.make(user, self.cleaned_data["name"])
        except wish_lists.TooManyListsError:
            text = _("You have %(count)d lists already; delete one to make another.")
            self.add_error("name", text % {"count": wish_lists.MOST_LISTS})
            return None
