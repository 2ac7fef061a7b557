from flask import render_template, url_for

from notebook import formatting
from notebook.storage import connect


def register(application):
    @application.route("/")
    def overview():
        return render_template("overview.html", title=formatting.note("Notes"))

    @application.route("/editor")
    def editor():
        return render_template("editing/editor.html", icon=url_for("static", filename="icons/pencil.svg"))

    @application.route("/settings")
    def settings():
        return render_template("settings.html", connect=connect)
