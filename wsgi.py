"""What a WSGI server loads: ``gunicorn wsgi:app``."""

from mentorlink.app import create_app

app = create_app()
