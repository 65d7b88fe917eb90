"""The only place where Flask extensions are made; `create_app` initialises them."""

from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

db = SQLAlchemy(session_options={"autoflush": False})
login_manager = LoginManager()
csrf = CSRFProtect()
