"""What can be wrong with a question to the engine: a code and facts, never words for a page."""

from __future__ import annotations

from typing import Any


class MatchingError(ValueError):
    """Base of every error the engine raises on purpose.

    Parameters
    ----------
    code : str
        Stable name of the fault, for a table of translations.
    **facts : Any
        What a message needs: ids, column names, the offending value.

    Attributes
    ----------
    code : str
    facts : dict of str to Any
    """

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.facts)


class InvalidInput(MatchingError):
    """A row or a mentee that cannot be read: level out of range, not a number, id given twice …

    Codes: ``bad_id``, ``duplicate_id``, ``level_out_of_range``, ``not_a_number``, ``years_out_of_range``,
    ``bad_room``, ``bad_grade``, ``bad_priority``, ``bad_text``, ``bad_code``, ``bad_set``, ``bad_unit``, ``bad_record``,
    ``length_mismatch``, ``bad_page``.
    """


class InvalidParameter(MatchingError):
    """A parameter, rule, weight or filter outside its range: ``bad_parameter``, ``unknown_parameter``, ``not_installed``."""


class UnreadableFile(MatchingError):
    """A file that `MentorIndex.load` cannot take: ``not_an_index``, ``other_version``, ``damaged``."""


class UnknownMentor(MatchingError, KeyError):
    """The id is not in the pool: ``unknown_mentor``."""

    __str__ = MatchingError.__str__


class UnknownCompetency(MatchingError):
    """A competency that the fixed list ``competencies`` does not hold: ``unknown_competency``."""


class NotFitted(MatchingError, AttributeError):
    """``fit`` has not been called: ``not_fitted``."""


def _rebuild(kind: type[MatchingError], code: str, facts: dict[str, Any]) -> MatchingError:
    return kind(code, **facts)
