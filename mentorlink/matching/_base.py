"""scikit-learn's estimator protocol without importing scikit-learn, which costs seconds at start.

`sklearn.base.clone`, `check_is_fitted`, pipelines and searches only ask for the methods below.
"""

from __future__ import annotations

import inspect
from typing import Any, Self

from ._errors import InvalidParameter, NotFitted


class Estimator:
    """Parameters are the keyword arguments of ``__init__``, stored unchanged under their names and checked in ``fit``."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name.

        Parameters
        ----------
        deep : bool, default=True
            Also those of parameters that are estimators, as ``name__parameter``.

        Returns
        -------
        dict of str to Any
        """
        params: dict[str, Any] = {}
        for name in self._parameter_names():
            value = getattr(self, name)
            params[name] = value
            if deep and isinstance(value, Estimator):
                params.update({f"{name}__{key}": inner for key, inner in value.get_params().items()})
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name, ``name__parameter`` for an inner estimator's.

        Returns
        -------
        self

        Raises
        ------
        InvalidParameter
            ``unknown_parameter``.
        """
        for key, value in params.items():
            name, inner, rest = key.partition("__")
            if name not in self._parameter_names():
                raise InvalidParameter("unknown_parameter", name=name, known=self._parameter_names())
            if not inner:
                setattr(self, name, value)
                continue
            target = getattr(self, name)
            if not isinstance(target, Estimator):
                raise InvalidParameter("unknown_parameter", name=key, known=self._parameter_names())
            target.set_params(**{rest: value})
        return self

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.get_params(deep=False).items() if value is not None)
        return f"{type(self).__name__}({told})"

    def __sklearn_is_fitted__(self) -> bool:
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import Tags, TargetTags  # type: ignore[import-untyped]

        return Tags(estimator_type=None, target_tags=TargetTags(required=False))

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            raise NotFitted("not_fitted", estimator=type(self).__name__)

    @classmethod
    def _parameter_names(cls) -> list[str]:
        signature = inspect.signature(cls.__init__)
        return sorted(name for name, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY)
