"""The status page of the shop, as it was on the day of the outage."""

from flask import Flask, render_template

app = Flask(__name__)


def settings():
    with open('/var/www/html/app_config.py') as config:
        scope = {}
        exec(config.read(), scope)
        return scope


@app.route('/')
def index():
    return render_template('index.html', title=settings()['TITLE'])
