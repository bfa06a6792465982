"""The application, for a server of one's own; ``python -m mentorlink serve`` has one that knows sockets (docs/operating)."""

import mentorlink.kernel.lean  # noqa: F401  before what it makes lighter
from mentorlink.app import create_app

app = create_app()
