"""The archive of a closed community: one file with all that a member may read, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import queries as community_queries
from mentorlink.community.actions import attach_file, delete_message, knowledge, safety
from mentorlink.community.inputs import Upload
from mentorlink.community.inputs.knowledge import AcceptInput, MaterialInput, PageInput, QuestionInput
from mentorlink.community.inputs.safety import ReasonInput
from mentorlink.community.queries import archive as reads
from mentorlink.community.rules.archive import file_name, packed
from mentorlink.people.actions import block_person
from tests.cast import Browser, Cast
from tests.community.living import Living


@pytest.fixture
def living(cast: Cast) -> Living:
    found = Living(cast)
    found.prepare()
    found.go("begin", "preparation")
    return found


def close(living: Living) -> str:
    """Walk it to its end; its address."""
    living.work()
    living.go("evaluate", "implementation")
    living.look_back()
    living.go("close", "evaluation")
    return f"/communities/{living.community_id}"


def opened(client: Browser, here: str) -> dict[str, str]:
    answer = client.get(f"{here}/archive.zip")
    assert answer.mimetype == "application/zip"
    content = answer.data
    answer.close()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name).decode() for name in package.namelist()}


@pytest.mark.one_database
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,8}\.(html|png)", fullmatch=True), st.binary(max_size=3000)),
        unique_by=lambda one: one[0],
    )
)
def test_what_is_packed_while_it_is_handed_out_is_unpacked_as_it_was(files: list[tuple[str, bytes]]) -> None:
    whole = b"".join(packed(files, datetime(2026, 7, 1, tzinfo=UTC)))
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        assert package.testzip() is None
        assert [(name, package.read(name)) for name in package.namelist()] == files


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\a\\b.exe", "lapor an.PDF", ".", "daftar/hadir.csv", "x" * 120])
def test_no_file_of_the_archive_leads_out_of_it(name: str) -> None:
    assert re.fullmatch(r"7-[a-z0-9-]{1,60}(\.[a-z0-9]{1,5})?", file_name(7, name))


def test_members_take_along_what_they_may_read_and_nothing_that_was_taken_away(living: Living, cast: Cast) -> None:
    mentee, read = cast.actor(cast.mentee), community_queries.message_for
    asked = living.begin(cast.mentee, "Sampling", "How large has a sample to be?")
    helped = living.say(cast.mentor, "Large enough to **be wrong** rarely", topic_id=asked.topic_id)
    question = knowledge.ask_question(mentee, community_queries.topic_for(mentee, asked.topic_id), QuestionInput())
    knowledge.accept_answer(mentee, question, AcceptInput(message_id=helped.id))
    page = PageInput(title="Samples", body="How large a sample has to be, see /help")
    knowledge.write_page(mentee, living.community, page)
    knowledge.add_material(mentee, living.community, MaterialInput(kind="link", title="A guide", link="https://guide.example"))
    living.say(cast.mentee, "", files=(attach_file(mentee, living.room, Upload("Jumlah kasus.csv", b"a,b")).id,))
    gone = living.say(cast.mentee, "GONE words", files=(attach_file(mentee, living.room, Upload("gone.csv", b"GONE file")).id,))
    hidden = living.say(cast.mentee, "HIDDEN words")
    delete_message(mentee, read(mentee, gone.id))
    living.steer(safety.hide_message, read(cast.actor(cast.mentor), hidden.id), ReasonInput())
    client, address = cast.client(cast.mentee), f"/communities/{living.community_id}"
    assert client.get(f"{address}/archive").status_code == client.get(f"{address}/archive.zip").status_code == 403, "it lives"
    assert close(living) == address
    offered = client.get(f"{address}/archive").text
    assert "1 gathering that took place" in offered
    assert "3 messages · 2 topics" in offered
    assert "1 file" in offered
    for where in (address, f"{address}/life"):
        assert f'href="{address}/archive"' in client.get(where).text
    files = opened(client, address)
    assert "Made for Mentee" in files["index.html"]
    for name, words in {
        "life.html": "Five days less", "gatherings.html": "We shared cases", "decisions.html": "Which template?",
        "knowledge.html": "https://guide.example", f"talk/{asked.topic_id}.html": "<strong>be wrong</strong>",
    }.items():  # fmt: skip
        assert words in files[name], name
    assert "This helped" in files[f"talk/{asked.topic_id}.html"]
    assert {"a,b"} == {content for name, content in files.items() if name.startswith("files/")}
    together = "".join([*files, *files.values()])
    assert not re.search("GONE|gone|HIDDEN", together)
    assert together.count("This message was removed.") == 2
    for name, content in files.items():
        here = name.rpartition("/")[0]
        for link in re.findall(r'(?:href|src)="([^"#:]+)"', content):
            assert str(re.sub(r"[^/]+/\.\./", "", f"{here}/{link}" if here else link)).lstrip("/") in files, (name, link)


def test_nobody_else_takes_it_and_who_takes_it_is_written_down(living: Living, cast: Cast) -> None:
    living.say(cast.mentor, "Between us")
    block_person(cast.actor(cast.mentee), cast.mentor)
    address = close(living)
    for person in (cast.stranger, cast.administrator):
        client = cast.client(person)
        assert {client.get(f"{address}/{path}").status_code for path in ("archive", "archive.zip")} <= {403, 404}
    files = opened(cast.client(cast.mentee), address)
    talk = next(content for name, content in files.items() if name.startswith("talk/"))
    assert "A message of somebody you keep away" in talk, "folded as in the room"
    audit = cast.client(cast.administrator).get("/audit").text
    assert "Took the archive of a community away" in audit


@pytest.mark.one_database
def test_a_long_talk_goes_on_in_further_files_and_what_does_not_fit_is_named(
    living: Living, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee = cast.actor(cast.mentee)
    for number in range(4):
        living.say(cast.mentor, f"number {number}")
    living.say(cast.mentee, "", files=(attach_file(mentee, living.room, Upload("large.csv", b"1,2,3")).id,))
    monkeypatch.setattr(reads, "PART", 2)
    monkeypatch.setattr(reads, "FILES_MOST", 3)
    files = opened(cast.client(cast.mentee), close(living))
    topic = living.topic.id
    names = [f"talk/{topic}{part}.html" for part in ("", "-2", "-3")]
    assert [name for name in files if name.startswith("talk/")] == names
    assert [f'href="../{following}"' in files[name] for name, following in pairwise(names)] == [True, True]
    assert "large.csv" in files[names[-1]]
    assert not any(name.startswith("files/") for name in files)
