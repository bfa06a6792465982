"""What a person says about being told things."""

from __future__ import annotations

from pydantic import field_validator

from mentorlink.kernel.inputs import Input
from mentorlink.notifications.rules import GROUPS


class PreferencesInput(Input):
    """The groups one wants to hear of in the app, and by mail."""

    in_app: list[str] = []
    by_mail: list[str] = []

    @field_validator("in_app", "by_mail")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        if any(code not in GROUPS for code in value):
            raise ValueError("literal_error")
        return value
