from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from catalog import answers
from catalog.answers import Kind, understood

CHOICES = [("Oak", ["Ok"]), ("Black ash", [])]


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        (" 12.50 ", "12.5"),
        (",5", "0.5"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("-0", "0"),
        ("1.299,50", "1299.5"),
        ("1,299.50", "1299.5"),
        ("1 299", "1299"),
        ("1\u202f299,5", "1299.5"),
        ("1'299'000", "1299000"),
        ("29,7 cm", "29.7"),
        ("29.7CM", "29.7"),
        ("007", "7"),
        ("100", "100"),
    ],
)
def test_a_number_is_understood_as_people_write_it(text, spelled):
    assert understood(text, Kind.NUMBER, unit="cm") == spelled
    assert answers.number(spelled) == Decimal(spelled)


@pytest.mark.parametrize(
    "text",
    ["wide", "12 kg", "1,2,3", "1.299.50", "12..5", "NaN", "Infinity", "1e5", "٣", "9" * 13, "."],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValidationError):
        understood(text, Kind.NUMBER, unit="cm")


def test_a_number_that_can_be_read_in_two_ways_is_asked_again():
    with pytest.raises(
        ValidationError, match=r"“1,250” can be read in two ways. Write 1250 or 1.25"
    ):
        understood("1,250", Kind.NUMBER)


def test_too_many_decimals_are_refused_and_not_cut():
    with pytest.raises(ValidationError, match="at most 6"):
        understood("0.1234567", Kind.NUMBER)


@pytest.mark.parametrize("text", ["Oak", "oak", " OAK ", "ok"])
def test_a_choice_is_found_without_regard_to_case_and_by_a_former_name(text):
    assert understood(text, Kind.CHOICE, choices=CHOICES) == "Oak"


def test_the_name_that_a_choice_has_now_goes_before_a_former_one():
    choices = [("Oak", ["Ash"]), ("Ash", [])]
    assert understood("ash", Kind.CHOICE, choices=choices) == "Ash"


def test_an_answer_that_is_no_choice_is_told_the_choices():
    with pytest.raises(ValidationError, match="“Teak” is not one of the choices: Oak, Black ash"):
        understood("Teak", Kind.CHOICE, choices=CHOICES)
    with pytest.raises(ValidationError, match="no choices yet"):
        understood("Teak", Kind.CHOICE)


def test_yes_and_no_are_understood_in_the_language_of_the_editor():
    for text in ("yes", "Y", "TRUE", "1"):
        assert understood(text, Kind.YES_NO) == "yes"
    for text in ("no", "False", "0"):
        assert understood(text, Kind.YES_NO) == "no"
    with translation.override("de"):
        assert understood(translation.gettext("Yes"), Kind.YES_NO) == "yes"
    with pytest.raises(ValidationError, match="neither yes nor no"):
        understood("maybe", Kind.YES_NO)


def test_a_text_keeps_its_words_and_loses_its_superfluous_spaces():
    assert understood("  cotton \n paper ", Kind.TEXT) == "cotton paper"


def test_an_answer_is_shown_in_the_language_of_the_reader():
    assert answers.shown("12.5", Kind.NUMBER, "cm") == "12.5 cm"
    with translation.override("de"):
        assert answers.shown("12.5", Kind.NUMBER, "cm") == "12,5 cm"
    assert answers.shown("yes", Kind.YES_NO) == "Yes"
    # What was answered before the attribute was given another kind is shown as it is.
    assert answers.shown("about thirty", Kind.NUMBER, "cm") == "about thirty"
    assert answers.shown("perhaps", Kind.YES_NO) == "perhaps"
