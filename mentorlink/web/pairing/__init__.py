"""Pages of pairing: who could help, requests, offers."""

from mentorlink.web.pairing import find, offers, requests
from mentorlink.web.pairing.blueprint import pages

__all__ = ["find", "offers", "pages", "requests"]
