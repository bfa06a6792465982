"""Reads of competencies."""

from mentorlink.competencies.queries.colleagues import (
    asked_about,
    asked_of,
    colleagues_near,
    review_for,
    reviews_of,
    voice_for,
)
from mentorlink.competencies.queries.frameworks import (
    askers_of,
    by_field,
    competencies_of,
    competency_for,
    edition_content,
    edition_for,
    editions_of,
    framework_for,
    frameworks_for,
    newest_number,
)
from mentorlink.competencies.queries.map import last_said, map_for, map_owner_for, sheet_rows
from mentorlink.competencies.queries.needs import (
    among,
    competency_ids_by_code,
    effective_standards,
    levels_of,
    needs_for,
    needs_of,
)
from mentorlink.competencies.queries.scale import level_words, newest_scale, scales_for
from mentorlink.competencies.queries.standards import (
    changes_of,
    job_for,
    jobs_for,
    limits_on,
    limits_set,
    lines_of,
    tier_for,
    tiers_for,
)
from mentorlink.competencies.queries.team import team_for
from mentorlink.competencies.rules import Need
from mentorlink.competencies.shapes import CompetencyMap, MapRow

__all__ = [
    "CompetencyMap",
    "MapRow",
    "Need",
    "among",
    "asked_about",
    "asked_of",
    "askers_of",
    "by_field",
    "changes_of",
    "colleagues_near",
    "competencies_of",
    "competency_for",
    "competency_ids_by_code",
    "edition_content",
    "edition_for",
    "editions_of",
    "effective_standards",
    "framework_for",
    "frameworks_for",
    "job_for",
    "jobs_for",
    "last_said",
    "level_words",
    "levels_of",
    "limits_on",
    "limits_set",
    "lines_of",
    "map_for",
    "map_owner_for",
    "needs_for",
    "needs_of",
    "newest_number",
    "newest_scale",
    "review_for",
    "reviews_of",
    "scales_for",
    "sheet_rows",
    "team_for",
    "tier_for",
    "tiers_for",
    "voice_for",
]
