"""``python -m tests.browser.serving DATABASE PORT``: serves pages and sockets over a copy of the demo agency."""

from __future__ import annotations

import sys

from mentorlink.app import create_app
from mentorlink.live.serve import serve
from tests.conftest import settings_for


def main(database: str, port: int) -> None:
    """Serve until told to stop."""
    settings = settings_for(f"sqlite:///{database}", demo=True)
    serve(create_app(settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}", "background": True})), "127.0.0.1", port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
