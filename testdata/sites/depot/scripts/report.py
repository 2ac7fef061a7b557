import os

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "notice.txt")) as notice:
    print(notice.read())
