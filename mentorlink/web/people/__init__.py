"""Pages of people, a module per noun."""

from mentorlink.web.people import audit, directory, door, links, manage, me, profiles, sign_in, units
from mentorlink.web.people.door import pages

__all__ = ["audit", "directory", "door", "links", "manage", "me", "pages", "profiles", "sign_in", "units"]
