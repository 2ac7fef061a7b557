"""The application and its routes."""
from flask import Flask

from .storage import connect
from .views import register
from . import formatting


def create_application():
    application = Flask(__name__)
    connect(application)
    register(application)
    application.jinja_env.filters["note"] = formatting.note
    return application
