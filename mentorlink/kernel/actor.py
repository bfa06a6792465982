"""Who acts: a person with roles, through a door; or the house itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles that are granted. Everyone is an employee; a unit head is who a unit names as its head."""

    MENTOR = "mentor"
    COACH = "coach"
    MANAGER = "manager"
    """Programme manager (HR)."""
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Grant:
    """A role, for the whole agency (``unit_path`` None) or for a unit and all below it."""

    role: Role
    unit_path: str | None = None

    def covers(self, unit_path: str | None) -> bool:
        """True when this grant reaches a thing of the unit at ``unit_path``."""
        return self.unit_path is None or (unit_path is not None and unit_path.startswith(self.unit_path))


@dataclass(frozen=True)
class Actor:
    """Who acts, with which roles, through which door.

    ``unit_path`` is where the person belongs (``"/1/4/"``), ``heads`` the paths of the units they head.
    """

    person_id: int | None
    grants: tuple[Grant, ...] = ()
    unit_path: str | None = None
    heads: tuple[str, ...] = ()
    door: str = "page"
    locale: str = "id"
    timezone: str = "Asia/Jakarta"
    is_system: bool = False

    @classmethod
    def system(cls) -> Actor:
        """The house itself: jobs, effects, commands. Policies let it do what its callers decided."""
        return cls(person_id=None, door="system", is_system=True)

    def has(self, *roles: Role) -> bool:
        """True when the actor holds one of ``roles`` anywhere."""
        return self.is_system or any(grant.role in roles for grant in self.grants)

    def has_over(self, unit_path: str | None, *roles: Role) -> bool:
        """True when the actor holds one of ``roles`` over the unit at ``unit_path``."""
        return self.is_system or any(grant.role in roles and grant.covers(unit_path) for grant in self.grants)

    def heads_over(self, unit_path: str | None) -> bool:
        """True when the actor heads the unit at ``unit_path`` or one above it."""
        return unit_path is not None and any(unit_path.startswith(path) for path in self.heads)

    def is_person(self, person_id: int | None) -> bool:
        """True when the actor is that very person."""
        return person_id is not None and self.person_id == person_id
