"""A real server process for tests: pages and sockets on a port of localhost, over the database that the environment names."""

from __future__ import annotations

import sys

from config import load_settings
from mentorlink.app import create_app
from mentorlink.live.serve import serve

if __name__ == "__main__":
    serve(create_app(load_settings()), "127.0.0.1", int(sys.argv[1]))
