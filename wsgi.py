"""What a WSGI server loads: ``gunicorn wsgi:app``."""

import mentorlink.kernel.lean  # noqa: F401  before what it makes lighter
from mentorlink.app import create_app

app = create_app()
