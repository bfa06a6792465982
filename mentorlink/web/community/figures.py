"""The page of a community's philosophy in figures, for its facilitators."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _

from mentorlink.community import queries
from mentorlink.community.policy import role_in
from mentorlink.community.policy.figures import may_see_figures
from mentorlink.community.queries.figures import counts_for
from mentorlink.community.rules.figures import FEWEST, PERIOD_DAYS, Counts, findings, gini, share
from mentorlink.kernel import clock
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.cells import csv_text
from mentorlink.web.community.frame import pages
from mentorlink.web.guard import actor, signed_in


@pages.get("/communities/<int:community_id>/pulse")
@signed_in
def pulse(community_id: int) -> str:
    """Openness, collaboration, excellence, democratisation: sentences and what to do next."""
    who = actor()
    community = queries.community_for(who, community_id)
    ensure(may_see_figures, who, community)
    counts = counts_for(who, community)
    return render_template(
        "community/pulse.html",
        community=community,
        role=role_in(who, community_id),
        counts=counts,
        findings=findings(counts),
        gini=gini(counts.said),
        share=share,
        fewest=FEWEST,
        days=PERIOD_DAYS,
    )


@pages.get("/communities/<int:community_id>/pulse.csv")
@signed_in
def pulse_file(community_id: int) -> Response:
    """The same figures as a file; of a community with too few members nothing but that."""
    who = actor()
    community = queries.community_for(who, community_id)
    ensure(may_see_figures, who, community)
    counts = counts_for(who, community)
    head = [_("Part"), _("Figure"), _("Value"), _("Of")]
    about = [
        [_("Community"), community.name, "", ""],
        [_("Day"), clock.today(who.timezone).isoformat(), "", ""],
        [_("Days"), "", PERIOD_DAYS, ""],
    ]
    few = [[_("Members"), _("Not enough to say"), "", FEWEST]]
    rows = few if counts.members < FEWEST else [[_("Members"), "", counts.members, ""], *_figures(counts)]
    answer = Response(csv_text(head, [*about, *rows]), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="pulse-{community_id}.csv"'
    return answer


def _figures(counts: Counts) -> list[list[object]]:
    """Part, figure, value, of how many: as on the page."""
    skew, hours, stances = gini(counts.said), counts.first_answer_hours, counts.stance_share
    return [
        [_("Openness"), _("Newcomers who got an answer"), counts.newcomers_answered, counts.newcomers],
        [_("Openness"), _("Hours until a first answer"), "" if hours is None else round(hours, 1), ""],
        [_("Openness"), _("Reviewed pages that every colleague reads"), counts.pages_open, counts.reviewed],
        [_("Openness"), _("Questions without an answer"), counts.unanswered, ""],
        [_("Collaboration"), _("Replies to another unit"), counts.replies_across, counts.replies],
        [_("Collaboration"), _("Pages by several"), counts.pages_together, counts.pages],
        [_("Excellence"), _("Reviewed pages"), counts.reviewed, counts.pages],
        [_("Excellence"), _("Accepted answers"), counts.accepted, ""],
        [_("Excellence"), _("Members who have grown"), counts.grown, counts.assessed],
        [_("Democratisation"), _("Members who have not spoken"), sum(not said for said in counts.said), counts.members],
        [_("Democratisation"), _("Inequality of talk (Gini)"), "" if skew is None else round(skew, 2), ""],
        [_("Democratisation"), _("Members who say where they stand"), "" if stances is None else round(stances, 2), 1],
        [_("Democratisation"), _("Decisions"), counts.decisions, ""],
        [_("Democratisation"), _("Hosts"), counts.hosts, counts.gatherings],
    ]
