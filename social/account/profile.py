"""How a member shows themselves: name, username, picture, words, and whether they show at all."""

import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.forms import no_control, single_line
from social import contacts, names, telling
from social.models import Profile, User
from social.pictures import UploadedPictureField
from social.stream import forget_purchases

# Shown at 160 px at most; three times as many for fine screens.
LONGEST = 512
# Letters and signs, says Unicode, that show nothing: fillers of Hangul, and Braille without dots.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"


class ProfileForm(forms.ModelForm):
    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=names.LONGEST,
        help_text=gettext_lazy(
            "The address of your profile. Links to the old one lead nowhere once you change it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    picture = UploadedPictureField(
        label=gettext_lazy("Picture"),
        longest=LONGEST,
        is_square=True,
        required=False,
        help_text=gettext_lazy(
            "It is cut to a square. Where and when it was taken is removed from it."
        ),
    )
    removes_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)

    class Meta:
        model = Profile
        fields = ["name", "about", "is_public", "shows_purchases"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "about": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = self.instance.user
        self.fields["username"].initial = self.user.username
        self.fields["name"].validators.append(single_line)
        self.fields["about"].validators.append(no_control)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if name and not any(_is_seen(one) for one in name):
            raise ValidationError(_("Please choose a name that can be seen."))
        return name

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if username == self.user.username:
            return username
        username = names.normal(username)
        if len(username) < names.SHORTEST:
            raise ValidationError(
                _("A username has at least %(count)d characters.") % {"count": names.SHORTEST}
            )
        is_own = username.casefold() == self.user.username.casefold()
        return get_adapter().clean_username(username, shallow=is_own)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.errors and self.files.get("picture") and "picture" not in self.errors:
            # A browser sends a file once, and shows the form again without it.
            self.add_error("picture", _("Please choose the picture once more."))
        return values

    def save(self, commit: bool = True) -> Profile:
        """Write all of it or nothing; the old picture goes when the new one is there for good."""
        new = self.cleaned_data["picture"]
        storage = Profile._meta.get_field("picture").storage
        name = _kept(storage, self.instance, new) if new else ""
        try:
            with transaction.atomic():
                self._write(storage, name)
        except BaseException:
            _delete_files(storage, name)
            raise
        return self.instance

    def _write(self, storage: Storage, picture: str) -> None:
        values = self.cleaned_data
        # First, as ``social.contacts`` asks of whoever writes a profile in the same transaction.
        contacts.set_public(self.user, values["is_public"])
        if values["username"] != self.user.username:
            User.objects.filter(pk=self.user.pk).update(username=values["username"])
        profile = Profile.objects.select_for_update().get(pk=self.instance.pk)
        changes = {name: values[name] for name in ("name", "about", "shows_purchases")}
        if picture or values["removes_picture"]:
            changes["picture"] = picture
            old = profile.picture.name
            transaction.on_commit(lambda: _delete_files(storage, old), robust=True)
        Profile.objects.filter(pk=profile.pk).update(**changes)
        telling.name_changed(self.user.pk)
        if not values["shows_purchases"]:
            forget_purchases(self.user)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANK


def _kept(storage: Storage, profile: Profile, content: Any) -> str:
    field = Profile._meta.get_field("picture")
    return storage.save(field.generate_filename(profile, content.name), content)


def _delete_files(storage: Storage, *names: str) -> None:
    for name in filter(None, names):
        storage.delete(name)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest) -> HttpResponse:
    profile = Profile.objects.select_related("user").get(user=request.user)
    form = ProfileForm(request.POST or None, request.FILES or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except IntegrityError:
            # Somebody took the name between the look and the write.
            form.add_error("username", get_adapter().validation_error("username_taken"))
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("account:profile")
    return render(request, "social/account/profile.html", {"form": form, "profile": profile})
