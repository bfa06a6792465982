"""Pages of pairing: who could help, whom one could help, waiting, requests, offers."""

from mentorlink.web.pairing import find, inviting, keeping, offers, requests
from mentorlink.web.pairing.blueprint import pages

__all__ = ["find", "inviting", "keeping", "offers", "pages", "requests"]
