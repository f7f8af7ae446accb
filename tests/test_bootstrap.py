"""What ``make run`` says on a machine that cannot run the shop yet."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once
OLD = 'echo "old 3.9.2"'
WITHOUT_VENV = 'echo "lacks 3.12.1 ensurepip"'
# What a shim of pyenv does for a version that is not installed.
SHIM = "echo 'pyenv: python3: command not found' >&2; exit 127"
REAL = f'exec {sys.executable} "$@"'
SAYS_ANYTHING = 'echo "Python 3.9.2"'


def make_project(folder: Path) -> Path:
    """The part of the project that the script needs, with nothing to install."""
    (folder / "site").mkdir(parents=True)
    shutil.copy(Path(settings.BASE_DIR) / "site" / "bootstrap.sh", folder / "site")
    (folder / "requirements.txt").write_text("# nothing\n")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "a project")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose .venv is there, behind an old Python; made once because it takes long."""
    folder = make_project(tmp_path_factory.mktemp("installed") / "a project")
    result = bootstrap(folder, **{"python3": OLD, "python3.11": REAL})
    assert result.returncode == 0, result.stderr
    return folder


def bootstrap(project: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """Run the script where the only Pythons are the given ones: name to shell script or path."""
    path = project.parent / "bin"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    for tool in (
        "sh",
        "tail",
        "cat",
        "cp",
        "cmp",
        "rm",
        "mkdir",
        "dirname",
        "basename",
        "grep",
        "head",
    ):
        (path / tool).symlink_to(shutil.which(tool))
    for name, script in pythons.items():
        (path / name).write_text(f"#!/bin/sh\n{script}\n")
        (path / name).chmod(0o755)
    return subprocess.run(
        [shutil.which("sh"), "site/bootstrap.sh", "requirements.txt"],
        cwd=project,
        env={"PATH": str(path), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("pythons", "words"),
    [
        ({}, "Python 3.11 or newer is needed and there is none."),
        ({"python3": OLD}, "python3 is Python 3.9.2, and 3.11 or newer is needed."),
        ({"python3": SHIM}, "python3 does not run as Python 3.11 or newer."),
        ({"python3": SAYS_ANYTHING}, "python3 does not run as Python 3.11 or newer."),
        ({"python3": WITHOUT_VENV}, "sudo apt install python3-venv"),
        ({"python3": OLD, "python3.12": WITHOUT_VENV}, "sudo apt install python3.12-venv"),
    ],
    ids=[
        "no Python",
        "an old one",
        "an empty shim",
        "something else",
        "no venv",
        "old and no venv",
    ],
)
def test_a_machine_that_lacks_something_is_told_in_one_line_what_to_do(
    project: Path, pythons: dict[str, str], words: str
) -> None:
    result = bootstrap(project, **pythons)

    assert result.returncode == 1
    assert words in result.stderr
    assert result.stderr.startswith("Storefront: ")
    assert result.stderr.count("\n") == 1
    assert not (project / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(project: Path) -> None:
    # A file in the place of var/, because permissions do not bind root.
    (project / "var").touch()
    result = bootstrap(project, python3=REAL)

    assert result.returncode == 1
    assert result.stderr.startswith("Storefront: cannot write in")
    assert result.stderr.count("\n") == 1


def test_a_good_python_behind_an_old_one_is_found(installed: Path) -> None:
    assert (installed / ".venv" / "bin" / "python").exists()


def test_a_second_time_there_is_nothing_to_do(installed: Path) -> None:
    bootstrap(installed, python3=REAL)

    result = bootstrap(installed, python3=REAL)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_changed_requirements_are_installed(installed: Path) -> None:
    (installed / "requirements.txt").write_text("# nothing else\n")
    assert "Installing" in bootstrap(installed, python3=REAL).stdout


def test_an_interrupted_installation_is_done_again(installed: Path) -> None:
    (installed / ".venv" / "installed-requirements.txt").unlink()
    assert "Installing" in bootstrap(installed, python3=REAL).stdout


def test_what_cannot_be_installed_is_told_and_not_taken_for_done(installed: Path) -> None:
    (installed / "requirements.txt").write_text("./not-there --hash=sha256:0\n")
    result = bootstrap(installed, python3=REAL)

    assert result.returncode == 1
    assert "the packages could not be installed" in result.stderr
    assert "Installing" in bootstrap(installed, python3=REAL).stdout


def test_a_folder_that_was_copied_gets_a_new_environment(installed: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(installed, tmp_path / "copied", symlinks=True)
    (copied / "requirements.txt").write_text("# nothing\n")

    assert "Making .venv" in bootstrap(copied, python3=REAL).stdout
