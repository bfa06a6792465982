"""Rows about people, where they belong, how they sign in, and the record of who did what."""

from mentorlink.people.models.accounts import Account, Attempt, DemoSignIn, Link, SignIn
from mentorlink.people.models.audit import GUARDS, AuditEntry
from mentorlink.people.models.persons import Block, Field, Job, Person, RoleGrant, Tier, Unit

__all__ = [
    "GUARDS",
    "Account",
    "Attempt",
    "AuditEntry",
    "Block",
    "DemoSignIn",
    "Field",
    "Job",
    "Link",
    "Person",
    "RoleGrant",
    "SignIn",
    "Tier",
    "Unit",
]
