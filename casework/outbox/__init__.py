"""The office's mail: letters and receipts put with the mail to send, sent by a command, watched on a page."""

from flask import Blueprint

blueprint = Blueprint("outbox", __name__, url_prefix="/mail")

from casework.outbox import views as views  # noqa: E402
