"""Pages of rounds: the guided page of programme managers, step after step, and the participant's own."""

from mentorlink.web.rounds import draft, files, members, mine, publish, refused, rounds, run, trial, weights
from mentorlink.web.rounds.blueprint import pages

__all__ = ["draft", "files", "members", "mine", "pages", "publish", "refused", "rounds", "run", "trial", "weights"]
