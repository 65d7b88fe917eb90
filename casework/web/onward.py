"""The only place that says where a page may send somebody on to: this office's own addresses."""

from urllib.parse import urlsplit


def safe_onward(target: str | None) -> str | None:
    """`target` when it is a path of this application, None otherwise and for the start page.

    A browser reads a backslash as a slash and drops tabs and line breaks, so these
    could lead elsewhere too; the start page is not everybody's to open.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(not character.isprintable() for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    is_own = not parts.scheme and not parts.netloc and parts.path not in ("/", "/sign-in")
    return target if is_own else None
