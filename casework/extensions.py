"""The only place where Flask extensions are made; `create_app` initialises them."""

from inspect import iscoroutinefunction

from flask.sansio.app import App
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect


class Database(SQLAlchemy):
    """The extension without its async sessions: closing none costs each request a thread."""

    def init_app(self, app: App) -> None:
        """Offer the application its sessions."""
        super().init_app(app)
        closers = app.teardown_appcontext_funcs
        closers[:] = [each for each in closers if not iscoroutinefunction(each)]


db = Database(session_options={"autoflush": False})
login_manager = LoginManager()
csrf = CSRFProtect()
