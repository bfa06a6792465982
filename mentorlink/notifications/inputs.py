"""What a person says about being told things."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from mentorlink.kernel import fetch, webpush
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


class DeviceInput(Input):
    """What a browser gives that wants to be told: an address of its push service, and two keys."""

    endpoint: Annotated[str, Field(min_length=20, max_length=1000)]
    public: Annotated[str, Field(max_length=100)]
    shared: Annotated[str, Field(max_length=40)]

    @model_validator(mode="after")
    def _real(self) -> Self:
        try:
            fetch.parts_of(self.endpoint)
        except fetch.NotFetched:
            raise ValueError("push_address") from None
        if not webpush.is_subscription(self.public, self.shared):
            raise ValueError("push_keys")
        return self


Hour = Annotated[int, Field(ge=0, le=23)]


class RhythmInput(Input):
    """How often a digest comes, at which hour, and between which hours no mail goes out."""

    digest: Literal["never", "daily", "weekly"]
    hour: Hour = 7
    quiet_from: Hour | None = None
    quiet_to: Hour | None = None

    @model_validator(mode="after")
    def _both_ends(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet_one_end")
        return self
