"""What the pump does beside sending: it lets those go whose sign-in has ended, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from mentorlink.live import pump as module
from mentorlink.live.connections import Connection, Connections

pytestmark = pytest.mark.one_database


def test_who_comes_while_the_sign_ins_are_checked_stays(monkeypatch: pytest.MonkeyPatch, app: Any) -> None:
    here, cut = Connections(), []
    ended, good, late = (Connection(sid=name, person_id=1, sign_in_id=n, name="x", shown=False) for n, name in enumerate("abc"))

    def asked(sign_ins: set[int]) -> set[int]:
        assert sign_ins == {ended.sign_in_id, good.sign_in_id}
        here.add(late)
        return {good.sign_in_id}

    here.add(ended)
    here.add(good)
    monkeypatch.setattr(module, "connections", here)
    monkeypatch.setattr(module, "live_sign_ins", asked)
    monkeypatch.setattr(module, "cut", cut.append)
    module.pump._check()
    assert cut == [ended]
