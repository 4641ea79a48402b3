"""The page's files, and the headers that are sent with them."""

from collections.abc import Mapping
from pathlib import Path

import text_classification

# The whole page as files; a bucket may hold the same ones.
WEB = Path(text_classification.__file__).parent / "web"
INDEX = WEB / "index.html"
# Nothing inline, nothing from elsewhere, in no frame. A file is asked for again each time, and
# answered in a few bytes where it has not changed.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
        "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_TYPES = (
    "text/html html; text/css css; text/javascript js; application/json json; image/svg+xml svg;"
)
_PLACES = {
    "= /": "/index.html",
    "= /index.html": "$uri",
    "= /config.json": "$uri",
    "/page/": "$uri",
}


def page_locations() -> str:
    """Return nginx's locations for the page's files; no worker has anything to do with them."""
    headers = " ".join(f'add_header {name} "{value}";' for name, value in HEADERS.items())
    shared = f'root "{WEB}"; types {{ {_TYPES} }} charset utf-8; access_log off; {headers}'
    return "\n".join(
        f"        location {place} {{ {shared} try_files {file} =404; }}"
        for place, file in _PLACES.items()
    )
