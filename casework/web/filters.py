"""The only place for the words and formats that templates may use beyond their own."""

from datetime import date

from flask import Flask

from casework import clock, permissions
from workflows.calendar import in_words


def short_day(day: date | None) -> str:
    """A day for a table: "3 Apr 2026", and a dash for none."""
    return f"{day.day} {day:%b %Y}" if day else "–"


def init_app(app: Flask) -> None:
    """Offer the filters and globals to every template."""
    app.add_template_filter(in_words)
    app.add_template_filter(short_day)
    app.jinja_env.globals["permissions"] = permissions
    app.add_template_global(clock.today, "today")
