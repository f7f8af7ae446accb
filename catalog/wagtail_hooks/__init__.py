"""What the catalogue adds to the Wagtail admin, by subject; the work is in ``catalog.admin``."""

from . import (  # noqa: F401 - each registers its hooks when it is imported
    catalogue,
    checks,
    explorer,
    import_export,
    jobs,
    launches,
    life,
    pasting,
    pictures,
    prices,
    reports,
    variants,
)
