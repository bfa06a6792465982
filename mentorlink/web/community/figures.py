"""The page of a community's philosophy in figures, for its facilitators."""

from __future__ import annotations

from flask import render_template

from mentorlink.community import queries
from mentorlink.community.policy import role_in
from mentorlink.community.policy.figures import may_see_figures
from mentorlink.community.queries.figures import counts_for
from mentorlink.community.rules.figures import FEWEST, PERIOD_DAYS, findings, gini, share
from mentorlink.kernel.actions import ensure
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
