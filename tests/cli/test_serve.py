"""``./run``: a demo made once and kept from real people, an empty agency with its link, what was interrupted begun anew."""

from __future__ import annotations

import base64
import os
import re
import socket
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog
from apiflask import APIFlask
from click.testing import CliRunner

import mentorlink.__main__ as run
from config import Settings
from mentorlink import app as building
from mentorlink.cli.demo import loader
from mentorlink.cli.migrate import migrate
from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.actions import offer_demo_sign_ins, save_demo_people, save_people, save_units
from mentorlink.people.inputs import PersonRow, UnitRow
from mentorlink.people.models import Person
from mentorlink.people.queries import open_link
from mentorlink.sessions.meetings.models import CalendarFeed
from tests.conftest import settings_for

pytestmark = pytest.mark.one_database
HOUSE = Actor.system()


def light_app(chosen: Settings) -> APIFlask:
    """An application without doors."""
    app = APIFlask("light", spec_path=None, docs_path=None)
    building._configure(app, chosen)
    building._connect(app, chosen)
    building._refuse_demo_over_real_people(app, chosen)
    return app


_migrated: list[bytes] = []


def migrate_once(url: str) -> None:
    """Migrate the first database; others begin as a copy of it."""
    file = Path(url.removeprefix("sqlite:///"))
    if file.exists():
        return
    if not _migrated:
        migrate(url)
        _migrated.append(file.read_bytes())
    file.write_bytes(_migrated[0])


class Runs:
    """What ``serve`` did, time after time, in one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.loads = 0
        self.served: list[tuple[bool, str, int]] = []

    def load(self) -> None:
        """A demo of one person."""
        self.loads += 1
        save_units(HOUSE, [UnitRow(code="A", name_id="Unit")])
        saved = save_demo_people(HOUSE, [PersonRow(email=f"rekaan{self.loads}@x.example", name="Rekaan", unit="A")])
        if not (self.folder / "stumble").exists():
            offer_demo_sign_ins(HOUSE, [(saved.ids[0], {"id": "Melihat-lihat", "en": "Looks around"})])

    def serve(self, app: APIFlask, host: str, port: int) -> None:
        """Note what would be served."""
        self.served.append((app.config["SETTINGS"].demo, host, port))
        self.app = app

    def __call__(self, *more: str) -> str:
        run.serve(["--data", str(self.folder), "--port", "8123", *more])
        return self.capsys.readouterr().out


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Runs]:
    made, lines = Runs(tmp_path, capsys), structlog.get_config()
    before: dict[str, str] = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("MENTORLINK_")}
    monkeypatch.setattr(run, "create_app", light_app)
    monkeypatch.setattr(run, "migrate", migrate_once)
    monkeypatch.setattr(run, "load_beginnings", lambda: None)
    monkeypatch.setattr(run, "serve_pages_and_sockets", made.serve)
    monkeypatch.setattr(loader, "load", made.load)
    yield made
    for name in [name for name in os.environ if name.startswith("MENTORLINK_")]:
        del os.environ[name]
    os.environ.update(before)
    own = settings_for("sqlite:///nowhere.db")
    settings.use(own)
    structlog.configure(**lines)
    crypto.load_keys(own.data_keys)


def within(runs: Runs, do: Callable[[], Any]) -> Any:
    with runs.app.app_context():
        found = do()
        db.session.remove()
        db.engine.dispose()
    return found


def test_the_demo_is_made_once_and_ends_with_the_first_real_person(runs: Runs) -> None:
    told = runs()
    assert "making the demo agency, once" in told
    assert "MentorLink is at http://localhost:8123" in told
    assert stat.S_IMODE((runs.folder / "keys.env").stat().st_mode) == 0o600
    assert "making the demo agency" not in runs("--host", "127.0.0.2")
    assert (runs.loads, runs.served) == (1, [(True, "127.0.0.1", 8123), (True, "127.0.0.2", 8123)])
    with pytest.raises(SystemExit, match="holds the demo agency"):
        runs("--empty")
    within(runs, lambda: save_people(HOUSE, [PersonRow(email="sungguh@x.example", name="Sungguh", unit="A")]))
    told = runs()
    assert "real people have joined" in told
    assert "/first-administrator?key=" in told
    assert (runs.loads, runs.served[-1][0]) == (1, False)


def test_a_demo_that_was_interrupted_is_begun_anew(runs: Runs) -> None:
    (runs.folder / "stumble").touch()
    runs()
    (runs.folder / "stumble").unlink()
    told = runs()
    assert "was interrupted last time; beginning anew" in told
    assert within(runs, lambda: [person.email for person in db.session.query(Person)]) == ["rekaan2@x.example"]


def test_an_empty_agency_stays_empty_and_a_second_start_says_that_the_first_link_works_as_well(runs: Runs) -> None:
    told = [runs(*more) for more in (("--empty",), ())]
    links = [re.findall(r"http://localhost:8123(/first-administrator\?key=\S+)", text) for text in told]
    assert [len(found) for found in links] == [1, 1]
    assert links[0] != links[1]
    assert ["earlier start works as well" in text for text in told] == [False, True]
    for (link,) in links:
        assert within(runs, lambda link=link: open_link("first_administrator", link.partition("key=")[2]))
    assert (runs.loads, [demo for demo, _host, _port in runs.served]) == (0, [False, False])


def test_nobody_is_made_up_in_a_database_that_the_environment_names_and_its_keys_are_not_invented(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENTORLINK_DATABASE_URL", f"sqlite:///{runs.folder / 'given.db'}")
    with pytest.raises(SystemExit, match="MENTORLINK_DATA_KEYS"):
        runs()
    assert not (runs.folder / "keys.env").exists()
    own = settings_for("sqlite:///nowhere.db")
    monkeypatch.setenv("MENTORLINK_DATA_KEYS", ",".join(own.data_keys))
    monkeypatch.setenv("MENTORLINK_SECRET_KEY", own.secret_key)
    assert "/first-administrator?key=" in runs()
    assert runs.loads == 0


def test_with_other_keys_than_it_was_begun_with_an_agency_is_not_served(runs: Runs) -> None:
    runs("--empty")

    def seal() -> None:
        save_units(HOUSE, [UnitRow(code="A", name_id="Unit")])
        person_id = save_people(HOUSE, [PersonRow(email="sungguh@x.example", name="Sungguh", unit="A")]).ids[0]
        db.session.add(CalendarFeed(person_id=person_id, token="feed", token_hash="hash", made_at=clock.now()))
        db.session.commit()

    within(runs, seal)
    assert "MentorLink is at" in runs()
    (runs.folder / "keys.env").unlink()
    for name in ("MENTORLINK_DATA_KEYS", "MENTORLINK_SECRET_KEY"):
        del os.environ[name]
    with pytest.raises(SystemExit, match="do not open what this database holds"):
        runs()


def test_every_command_is_listed_without_settings_and_works_on_the_folder_of_a_run(runs: Runs) -> None:
    runs("--empty")
    for name in [name for name in os.environ if name.startswith("MENTORLINK_")]:
        del os.environ[name]
    call = partial(CliRunner().invoke, run.main)
    assert {"serve", "invite", "new-key", "push-key", "spec", "match-file"} <= set(run.main.commands)
    assert "first-administrator" in call(["--help"]).output
    assert len(base64.urlsafe_b64decode(call(["new-key"]).output)) == 32
    assert call(["--data", str(runs.folder / "elsewhere"), "invite", "--dry-run"]).exit_code != 0
    assert call(["--data", str(runs.folder), "invite", "--dry-run"]).output == "0 would be invited\n"
    assert "/first-administrator?key=" in call(["--data", str(runs.folder), "first-administrator"]).output


def test_a_port_in_use_is_told_in_one_line_before_anything_else(runs: Runs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit, match=r"^port \d+ is in use.*--port\)\.$"):
        runs("--port", str(taken.getsockname()[1]))
    assert (runs.capsys.readouterr().out, list(runs.folder.iterdir())) == ("", [])
    with pytest.raises(SystemExit, match=r"cannot listen on 203\.0\.113\.1: .*--host"):
        runs("--host", "203.0.113.1")
    with pytest.raises(SystemExit, match="2"):
        runs("--port", "70000")
    assert "70000 is no port" in runs.capsys.readouterr().err
