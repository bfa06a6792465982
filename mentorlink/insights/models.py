"""The sheet on which figures of the whole agency are worked out, so that a page need not count fifty thousand people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant, Json

AGENCY = "agency"
"""The sheet of gaps by unit and hours against the law."""


def sheet_of_year(year: int) -> str:
    """The sheet of a year of mentoring: access and outcome."""
    return f"mentoring-{year}"


class FigureSheet(Base):
    """Figures as they stood at one moment. It can be thrown away and made again at any time."""

    __tablename__ = "figure_sheet"

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True, comment="agency, or mentoring- and a year")
    made_at: Mapped[datetime] = mapped_column(Instant, comment="of when the figures are")
    body: Mapped[dict[str, Any]] = mapped_column(Json, comment="counts by unit, competency, tier and place; never a person")
