"""What the catalogue adds to the Wagtail admin, by subject; the work is in ``catalog.admin``."""

from . import variants, reports  # noqa: F401 - each registers its hooks when it is imported
from . import explorer  # noqa: F401
from . import checks  # noqa: F401
from . import catalogue  # noqa: F401
from . import jobs, life  # noqa: F401
from . import launches  # noqa: F401
from . import prices  # noqa: F401
