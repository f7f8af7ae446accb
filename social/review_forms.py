"""The form in which a member writes a review."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.forms import no_control, single_line
from orders.traps import TrapForm
from social.models import Review, ReviewPicture
from social.models.reviews import MOST_PICTURES, MOST_STARS
from social.pictures import ACCEPT, UploadedPictureField
from social.reviews import version

LONGEST_SIDE = 1600


def in_words(stars: int) -> str:
    return ngettext("%(stars)d of %(most)d stars", "%(stars)d of %(most)d stars", stars) % {
        "stars": stars,
        "most": MOST_STARS,
    }


class LinesField(forms.CharField):
    """Text whose ends of lines count once, as browsers count them, and not as they are sent."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(UploadedPictureField):
    """Up to three pictures at once; its value is the list of them made anew."""

    widget = SeveralFiles(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        # Before any of them is decoded, which is work.
        if len(files) > MOST_PICTURES:
            raise too_many()
        return [self._one(file) for file in files]

    def _one(self, file: Any) -> File:
        try:
            return super().clean(file)
        except ValidationError as error:
            named = [f"{file.name[:60]}: {message}" for message in error.messages]
            raise ValidationError(named, code="invalid_image") from error


def too_many() -> ValidationError:
    sentence = ngettext(
        "A review can have %(most)d picture.",
        "A review can have %(most)d pictures.",
        MOST_PICTURES,
    )
    return ValidationError(sentence % {"most": MOST_PICTURES}, code="too_many")


class ChosenOfThese(forms.TypedMultipleChoiceField):
    """Of what there is, what was chosen; what is gone already need not be gone twice."""

    def clean(self, value: Any) -> list[Any]:
        return super().clean([one for one in self.to_python(value) if self.valid_value(one)])


class ReviewForm(TrapForm, forms.ModelForm):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("Your rating"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one to five stars.")},
    )
    text = LinesField(
        label=gettext_lazy("Your review"),
        max_length=Review._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 7}),
        validators=[no_control],
    )
    pictures = PicturesField(label=gettext_lazy("Pictures"), longest=LONGEST_SIDE, required=False)
    removed = ChosenOfThese(
        label=gettext_lazy("Take these away"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # Which version of the review the form was filled in with; none for a new one.
    seen = forms.Field(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Review
        fields = ["stars", "title", "text"]
        labels = {"title": gettext_lazy("In one line")}

    def __init__(self, *args: Any, has: Iterable[ReviewPicture] = (), **kwargs: Any) -> None:
        """``has``: the pictures of the review as it is."""
        super().__init__(*args, **kwargs)
        self.has = list(has)
        self.fields["seen"].initial = version(self.instance) if self.instance.pk else ""
        self.fields["stars"].choices = [
            (stars, in_words(stars)) for stars in range(1, MOST_STARS + 1)
        ]
        self.fields["removed"].choices = [(picture.pk, picture.pk) for picture in self.has]
        self.fields["title"].validators.append(single_line)
        self.fields["pictures"].help_text = _(
            "Up to %(most)d, each at most 10 MB. What a camera writes into them, such as the "
            "place, is taken out."
        ) % {"most": MOST_PICTURES}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        added, removed = values.get("pictures") or [], values.get("removed") or []
        if added and len(self.has) - len(set(removed)) + len(added) > MOST_PICTURES:
            self.add_error("pictures", too_many())
        if self.errors:
            self.ask_for_pictures_again()
        return values

    def refuse(self, reason: str, *, had_pictures: bool) -> None:
        """Show it again for a reason that lies in none of its fields."""
        self.add_error(None, reason)
        self.ask_for_pictures_again(had_pictures=had_pictures)

    def ask_for_pictures_again(self, *, had_pictures: bool = False) -> None:
        """A page that comes back cannot hold files that were chosen: say so."""
        if had_pictures or self.cleaned_data.get("pictures"):
            self.add_error("pictures", _("Please choose your pictures again."))
