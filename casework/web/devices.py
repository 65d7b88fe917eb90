"""The only place that says on what somebody signed in, no nearer than they need to know it again."""

_BROWSERS = (
    # The first that fits: later ones are in the names of those before.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Macintosh", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """A browser and what it runs on, such as “Firefox on Windows”, from a User-Agent header.

    Nothing of the header itself is in it, nor a version: what anybody may send stays out.
    """
    browser = _first(_BROWSERS, user_agent) or "A browser"
    system = _first(_SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((word for mark, word in known if mark in user_agent), None)
