"""What a WSGI server serves: `gunicorn -k gevent functions.wsgi:app`. The server patches the standard library, nobody else does."""

from functions.app import served

app = served()
