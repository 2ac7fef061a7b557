import os
from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))


def connect(application):
    with open(os.path.join(HERE, "schema.sql")) as schema:
        application.schema = schema.read()
    application.words = Path(__file__).parent.joinpath("wordlist.txt").read_text()
    application.licence = (Path(__file__).parent / "legal" / "licence.txt").read_text()
