"""Put third-party browser files under static/vendor, each named with its digest in a manifest.

`scripts/vendor.py` takes the pinned packages with `npm pack`, checks each against the digest below and writes the files that
pages need. `scripts/vendor.py --check` compares the files in the tree with the manifest and needs neither network nor
Node.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"
ICON_LIST = ROOT / "static" / "img" / "icons.txt"
PAPER_WEIGHTS = (400, 700)
ICON_SPRITE = ROOT / "static" / "img" / "icons.svg"


@dataclass(frozen=True)
class Package:
    """A pinned package: where its files go, as {path in the package: path in the tree}."""

    name: str
    version: str
    sha256: str
    files: dict[str, str] = field(default_factory=dict)
    build: Callable[[Path], list[Path]] | None = None


def main() -> int:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the tree with the manifest and stop")
    if parser.parse_args().check:
        return check()
    vendor()
    return check()


def vendor() -> None:
    """Fetch every package, write its files and the manifest."""
    entries: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            written = install(package, unpack(package, Path(scratch)))
            entries[package.name] = {
                "version": package.version,
                "sha256": package.sha256,
                "files": {str(path.relative_to(ROOT)): digest(path) for path in sorted(written)},
            }
    MANIFEST.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def check() -> int:
    """Name every vendored file that is missing or differs from the manifest."""
    wrong = 0
    for package in json.loads(MANIFEST.read_text(encoding="utf-8")).values():
        for name, expected in package["files"].items():
            path = ROOT / name
            found = digest(path) if path.is_file() else "missing"
            if found != expected:
                wrong += 1
                print(f"{name}: expected {expected}, found {found}", file=sys.stderr)
    print("vendored files differ from the manifest" if wrong else "vendored files match the manifest")
    return 1 if wrong else 0


def unpack(package: Package, scratch: Path) -> Path:
    """Take a package with the registry's own client and return the folder of its files."""
    spec = f"{package.name}@{package.version}"
    done = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(scratch), spec],
        check=True,
        capture_output=True,
        text=True,
    )
    archive = scratch / done.stdout.strip().splitlines()[-1]
    found = digest(archive)
    if found != package.sha256:
        raise SystemExit(f"{spec}: archive has digest {found}, expected {package.sha256}")
    folder = scratch / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def install(package: Package, folder: Path) -> list[Path]:
    """Copy the wanted files and let the package's builder make what is made."""
    written = []
    for source, target in package.files.items():
        path = ROOT / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((folder / source).read_bytes())
        written.append(path)
    return written + (package.build(folder) if package.build else [])


def build_bootstrap(folder: Path) -> list[Path]:
    """Join reboot, grid and utilities into one cascade layer, without the colours and the dark theme we set ourselves."""
    parts = []
    for name in ("reboot", "grid", "utilities"):
        text = (folder / "dist" / "css" / f"bootstrap-{name}.min.css").read_text(encoding="utf-8")
        text = re.sub(r'@charset "UTF-8";|/\*#.*?\*/', "", text)
        notice, text = re.match(r"\s*(/\*!.*?\*/)?(.*)", text, re.S).groups()  # type: ignore[union-attr]
        parts.append((notice, re.sub(r"\[data-bs-theme=dark\]\{[^}]*\}", "", text)))
    variables = re.match(r":root,\[data-bs-theme=light\]\{[^}]*\}", parts[0][1])
    body = "".join(text for _, text in parts)
    if variables:
        body = variables[0] + body.replace(variables[0], "")
    path = VENDOR / "bootstrap" / "base.min.css"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{parts[0][0]}\n@layer bootstrap{{{body}}}\n", encoding="utf-8")
    return [path]


def build_icons(folder: Path) -> list[Path]:
    """Make one sprite of the icons that icons.txt names; a name that Lucide lacks is an error."""
    lines = ICON_LIST.read_text(encoding="utf-8").splitlines()
    names = sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})
    unknown = [name for name in names if not (folder / "icons" / f"{name}.svg").is_file()]
    if unknown:
        raise SystemExit(f"icons.txt names unknown icons: {', '.join(unknown)}")
    symbols = "\n".join(symbol(name, (folder / "icons" / f"{name}.svg").read_text(encoding="utf-8")) for name in names)
    notice = "<!-- Lucide icons, ISC licence: static/vendor/lucide/LICENSE -->"
    ICON_SPRITE.write_text(f'{notice}\n<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', encoding="utf-8")
    return [ICON_SPRITE]


def build_weights(_folder: Path) -> list[Path]:
    """Take out of the font that holds all weights those in which papers are drawn: that takes longer than to draw one."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    written = []
    for weight in PAPER_WEIGHTS:
        whole = TTFont(VENDOR / "inter" / "inter-latin-wght-normal.woff2", recalcTimestamp=False)
        font = instantiateVariableFont(whole, {"wght": weight})
        font.flavor = None
        written.append(VENDOR / "inter" / f"{weight}.ttf")
        font.save(written[-1])
    return written


def symbol(name: str, svg: str) -> str:
    """One icon as a <symbol>; stroke and colour come from the page's CSS."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    shapes = re.sub(r"\s*\n\s*", "", inner[1] if inner else "").replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


PACKAGES = [
    Package(
        "bootstrap",
        "5.3.9",
        "06bdf78289c3c12ea99d40df84eedf6278c724c73eebf38f11f3a65b44ec8c94",
        {"LICENSE": "static/vendor/bootstrap/LICENSE"},
        build_bootstrap,
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        {"dist/htmx.min.js": "static/vendor/htmx/htmx.min.js", "LICENSE": "static/vendor/htmx/LICENSE"},
    ),
    Package(
        "socket.io-client",
        "4.8.4",
        "0b40f47a2e2fe81182785dfcd333156d854e50bc4a5f23e654de7d7f7b0c151b",
        {
            "dist/socket.io.esm.min.js": "static/vendor/socket.io/socket.io.esm.min.js",
            "LICENSE": "static/vendor/socket.io/LICENSE",
        },
    ),
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "d26710dd38e7217484a1d47ee76c024977ec550548876f26d06ed1844af09a14",
        {
            "files/inter-latin-wght-normal.woff2": "static/vendor/inter/inter-latin-wght-normal.woff2",
            "LICENSE": "static/vendor/inter/LICENSE",
        },
        build_weights,
    ),
    Package(
        "lucide-static",
        "1.62.0",
        "386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44",
        {"LICENSE": "static/vendor/lucide/LICENSE"},
        build_icons,
    ),
    Package(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        {"axe.min.js": "tests/browser/vendor/axe.min.js", "LICENSE": "tests/browser/vendor/LICENSE-axe-core"},
    ),
]

if __name__ == "__main__":
    sys.exit(main())
