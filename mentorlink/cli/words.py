"""Keeps the Indonesian catalogues: one file per feature, ``common`` for what several use.

    python -m mentorlink.cli.words update     take in new strings, drop those no longer used
    python -m mentorlink.cli.words compile    make the binary catalogues that the application reads
    python -m mentorlink.cli.words check      name every string without a translation; exit 1 if there is one

The strings in the code are English. A string belongs to ``common`` if it stands there already or if two features use it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "mentorlink" / "translations" / "id" / "LC_MESSAGES"
METHODS = [("mentorlink/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
FEATURES = (
    "people", "competencies", "programmes", "ranking", "pairing", "meetings", "mentoring", "coaching", "learning", "community",
    "notifications", "insights", "exchange", "home", "styleguide", "rounds",
)  # fmt: skip

Key = tuple[object, object]


def feature_of(path: str) -> str:
    """The catalogue a source file belongs to, by the feature's name in its path."""
    parts = Path(path).with_suffix("").parts
    return next((name for name in FEATURES if name in parts), "common")


def found() -> dict[Key, set[str]]:
    """Every string in the sources → the catalogues of the files it stands in."""
    strings: dict[Key, set[str]] = {}
    options = {"jinja2": {"trimmed": "true", "silent": "false"}}
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "pgettext": ((1, "c"), 2)}
    options_map = {pattern: options.get(method, {}) for pattern, method in METHODS}
    for folder in ("mentorlink", "templates"):
        methods = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if pattern.startswith(folder)]
        some = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options_map.items()}
        for path, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, some, keywords=keywords, comment_tags=()
        ):
            strings.setdefault((message, context), set()).add(feature_of(f"{folder}/{path}"))
    return strings


def load(name: str) -> Catalog:
    """The catalogue of ``name``, empty when there is none."""
    file = FOLDER / f"{name}.po"
    if not file.exists():
        return _empty(name)
    with file.open("rb") as stream:
        return read_po(stream, locale="id", domain=name)


def _empty(name: str) -> Catalog:
    """A new catalogue; Babel knows no plural rule for Indonesian and would write two forms: nplurals=1; plural=0."""
    catalogue = Catalog(locale="id", domain=name, project="MentorLink", fuzzy=False)
    catalogue._num_plurals, catalogue._plural_expr = 1, "0"
    return catalogue


def update() -> None:
    """Rewrite each catalogue with the strings in use, keeping every translation there is."""
    names = ("common", *FEATURES)
    old = {name: load(name) for name in names}
    known: dict[Key, object] = {}
    for name in reversed(names):
        known.update(
            {
                (m.id, m.context): m.string
                for m in old[name]
                if m.id and (m.string if isinstance(m.string, str) else any(m.string))
            }
        )
    in_common = {(m.id, m.context) for m in old["common"] if m.id}
    new = {name: _empty(name) for name in names}
    for key, features in found().items():
        home = "common" if len(features) > 1 or key in in_common else next(iter(features))
        new[home].add(key[0], known.get(key, ""), context=key[1])
    for name, catalogue in new.items():
        if len(catalogue):
            with (FOLDER / f"{name}.po").open("wb") as stream:
                write_po(stream, catalogue, width=110, sort_output=True, omit_header=False, no_location=True)
    _tidy_headers()


PASSING = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Generated-By', "# ")
"""Header lines that change with every run and say nothing."""


def _tidy_headers() -> None:
    for file in FOLDER.glob("*.po"):
        lines = [
            line for line in file.read_text(encoding="utf-8").splitlines()
            if not line.startswith(PASSING)
            and line != "#"
        ]  # fmt: skip
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compile_all() -> None:
    """Write the binary catalogue beside each text one that is newer."""
    for file in FOLDER.glob("*.po"):
        target = file.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < file.stat().st_mtime:
            with file.open("rb") as stream, target.open("wb") as out:
                write_mo(out, read_po(stream, locale="id"))


def untranslated() -> list[str]:
    """Strings in use that no catalogue translates."""
    done = {
        (m.id, m.context)
        for file in FOLDER.glob("*.po")
        for m in load(file.stem)
        if m.id and (m.string if isinstance(m.string, str) else all(m.string))
    }
    return sorted(
        f"{feature}: {key[0]}" for key, features in found().items() if key not in done for feature in sorted(features)[:1]
    )


def main(arguments: list[str]) -> int:
    """Run the command named in ``arguments``."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            missing = untranslated()
            print("\n".join(missing) or "every string is translated")
            return 1 if missing else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
