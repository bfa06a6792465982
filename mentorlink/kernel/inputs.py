"""What a use case takes from outside: one model, read from a form, JSON, a CSV row or a socket payload alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from mentorlink.kernel.errors import Fault, Invalid

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CONTROL = frozenset({"csrf_token", "_method", "next", "draft_key", "stamp"})


class Input(BaseModel):
    """Base of every input: stripped, frozen, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


I = TypeVar("I", bound=Input)


def _no_control_characters(value: str) -> str:
    value = value.replace("\r\n", "\n")
    if _INVISIBLE.search(value):
        raise ValueError("control_character")
    return value


def _one_line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError("line_break")
    return _no_control_characters(value)


Text = Annotated[str, AfterValidator(_no_control_characters)]
"""A text of several lines."""

Line = Annotated[str, AfterValidator(_one_line)]
"""A text of one line."""


def read(model: type[I], data: Mapping[str, Any]) -> I:
    """Build ``model`` from ``data``; every fault at once as Invalid, each under its field's dotted path."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Invalid(*(_fault(item) for item in error.errors(include_url=False))) from None


def read_form(model: type[I], form: Any) -> I:
    """Build ``model`` from a form (a MultiDict): lists where the field is a list, empty text is nothing said."""
    data: dict[str, Any] = {}
    for name in form:
        if name in _CONTROL:
            continue
        field = model.model_fields.get(name)
        if field is not None and _is_list(field.annotation):
            data[name] = [value for value in form.getlist(name) if value != ""]
        elif form.get(name) != "":
            data[name] = form.get(name)
    return read(model, data)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple, set, frozenset) or any(_is_list(part) for part in get_args(annotation))


def _fault(item: Mapping[str, Any]) -> Fault:
    context = {key: value for key, value in item.get("ctx", {}).items() if isinstance(value, str | int | float)}
    code = item["type"]
    if code == "value_error":
        code = str(item["ctx"]["error"])
    elif code in ("too_short", "too_long") and isinstance(item.get("input"), str):
        code = f"string_{code}"  # a length asked of Text or Line is checked after their own validator
    return Fault(".".join(str(part) for part in item["loc"]), code, context)
