"""What Stripe publishes of its API, in the types of its own SDK: a judge of what is sent."""

from typing import Any, get_args, get_type_hints

from typing_extensions import is_typeddict

from orders.tests.fakes.stripe_parameters import Fields


def unknown_fields(params: Fields, official: type) -> list[str]:
    """Which of the fields sent are not in the type that Stripe publishes, however deep."""
    known = official_fields(official)
    found = []
    for name, value in params.items():
        if name not in known:
            found.append(name)
        elif inner := _typed_dict(known[name]):
            for part in value.values() if "0" in value else [value]:
                found += [f"{name}.{field}" for field in unknown_fields(part, inner)]
    return found


def official_fields(official: type) -> dict[str, Any]:
    # Names that the module imports for type checkers only.
    return get_type_hints(official, localns={"Mapping": dict, "StripeContext": object})


def _typed_dict(hint: Any) -> type | None:
    if is_typeddict(hint):
        return hint
    return next(filter(None, map(_typed_dict, get_args(hint))), None)
