"""Where a request comes from, for those who count how often somebody does something."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The address of a visitor, or the part of an IPv6 address that one household has."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        # The proxy in front of the shop adds it at the end of its header.
        address = forwarded.rpartition(",")[2].strip()
    else:
        address = request.META.get("REMOTE_ADDR", "")
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 6 and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(getattr(known, "ipv4_mapped", None) or known)
