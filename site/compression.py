"""Pages leave compressed where no server in front of the shop does it."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Pictures and archives are compressed already.
COMPRESSED = ("text/", "application/json", "application/ld+json", "application/xml")


class CompressedTextMiddleware(GZipMiddleware):
    """Django's, which pads pages with noise against BREACH, but for text alone."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
