"""The only place for the words and formats that templates may use beyond their own."""

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from casework import clock, permissions
from workflows.calendar import in_words

_LONDON = ZoneInfo("Europe/London")


def short_day(day: date | None) -> str:
    """A day for a table: "3 Apr 2026", and a dash for none."""
    return f"{day.day} {day:%b %Y}" if day else "–"


def time_of_day(at: datetime) -> str:
    """The time in London at an instant: "2:32pm", as GOV.UK writes it."""
    there = at.astimezone(_LONDON)
    hour = there.hour % 12 or 12
    return f"{hour}:{there:%M}{'am' if there.hour < 12 else 'pm'}"


def moment(at: datetime) -> str:
    """An instant in London: "3 April 2026 at 2:32pm"."""
    return f"{in_words(at.astimezone(_LONDON).date())} at {time_of_day(at)}"


def lower_first(words: str) -> str:
    """Words to stand inside a sentence: "The force" becomes "the force"."""
    return words[:1].lower() + words[1:]


def size_in_words(size: int) -> str:
    """A number of bytes as people say it: "3 KB", "1.2 MB", "40 GB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    if size < 10_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:,.0f} GB"


def new_req() -> str:
    """A key for a form of one button: sent twice, it has one effect."""
    return secrets.token_hex(16)


def init_app(app: Flask) -> None:
    """Offer the filters and globals to every template."""
    app.add_template_filter(in_words)
    app.add_template_filter(short_day)
    app.add_template_filter(time_of_day)
    app.add_template_filter(moment)
    app.add_template_filter(lower_first)
    app.add_template_filter(size_in_words)
    app.jinja_env.globals["permissions"] = permissions
    app.add_template_global(clock.today, "today")
    app.add_template_global(new_req)
