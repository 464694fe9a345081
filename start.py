#!/usr/bin/env python3
"""Set up the notebooks and open them. Needs Python 3.11-3.13 and nothing else.

    python3 start.py           set up if needed, then open JupyterLab
    python3 start.py test      set up if needed, then run every test
    python3 start.py doctor    look for what could go wrong and say what to do

For instructors (each says more with --help after it):

    python3 start.py assign --notebooks 02 03 --to OUT    make a set to hand out
    python3 start.py collect FOLDER --set OUT             gather what came back
    python3 start.py class 02                             open a notebook for a projector
    python3 start.py handout 02 --to 02.html              make a page to print

Nothing is installed outside this folder: everything lives in .venv, and removing
that folder undoes it. An interrupted set-up is repaired by running it again.
"""

import hashlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = ENV / "hrd-ready.json"
FIRST = "notebooks/00_start_here.ipynb"
NEEDED = ("requirements.lock", "pyproject.toml", "helpers/__init__.py", "exercises", FIRST)
OLDEST, NEWEST = (3, 11), (3, 13)
DISK_GB = 2.0
PORT = 8888


class Stop(Exception):
    """Something the user can mend; the message is one plain sentence or two."""


# Looking ------------------------------------------------------------------------------------


def python_problem():
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return None
    return (
        f"This is Python {platform.python_version()}; the notebooks need 3.11, 3.12 or 3.13. "
        "Install one from python.org (or your package manager) and run it by name, "
        "for example: python3.13 start.py"
    )


def folder_problem():
    missing = [name for name in NEEDED if not (ROOT / name).exists()]
    if missing:
        return (
            f"The folder {ROOT} lacks {missing[0]}, so this is not the whole project. "
            "Unpack the complete download (not only start.py) and run start.py from there."
        )
    return None


def writing_problem():
    probe = ROOT / f".write-test-{os.getpid()}"
    try:
        probe.write_text("x")
        probe.unlink()
    except OSError as error:
        return (
            f"Nothing can be written in {ROOT} ({error.strerror or error}). "
            "Move the project to a folder of your own, such as Documents."
        )
    return None


def disk_problem():
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < DISK_GB and environment_state() != "ready":
        return (
            f"Only {free:.1f} GB are free on this disk; the set-up needs {DISK_GB:.0f} GB. "
            "Free some space or move the project to another disk."
        )
    return None


def venv_problem():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return (
            "This Python comes without venv. On Debian or Ubuntu run: "
            f"sudo apt install python{version}-venv   and then start again."
        )
    return None


def path_note():
    if os.name == "nt" and len(str(ROOT)) > 90:
        return (
            f"The folder's path has {len(str(ROOT))} characters, which can break installs on "
            "Windows. Move the project nearer the top, for example C:\\hrd."
        )
    if " " in str(ROOT):
        return "The path has spaces in it; that works."
    return None


def port_note():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.3)
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            return (
                f"Port {PORT} is in use, probably by another JupyterLab. start.py takes the next "
                "free one; look at the address that it prints."
            )
    return None


def browser_note():
    import webbrowser

    try:
        webbrowser.get()
    except webbrowser.Error:
        return (
            "No web browser was found that can be opened from here. JupyterLab still starts: "
            "copy the address that it prints into a browser on this computer."
        )
    return None


def test_browser_note():
    if find_chromium() is None:
        return (
            "No Chromium or Chrome was found, so the browser tests will be skipped. "
            "To run them, install Chromium (Debian: sudo apt install chromium) or set "
            "HRD_CHROMIUM to its path. The notebooks themselves need only your usual browser."
        )
    return None


def find_chromium():
    named = os.environ.get("HRD_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge")
    return next((found for name in names if (found := shutil.which(name))), None)


def environment_state():
    """absent, unfinished, stale or ready"""
    if not ENV.exists():
        return "absent"
    if not STAMP.exists():
        return "unfinished"
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return "unfinished"
    if not env_python().exists():
        return "unfinished"
    return "ready" if stamp == fingerprint() else "stale"


def fingerprint():
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return {
        "lock": lock,
        "python": platform.python_version(),
        "machine": f"{sys.platform} {platform.machine()}",
        "folder": str(ROOT),
    }


def env_python():
    return ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


# Setting up ---------------------------------------------------------------------------------


def run_quietly(command, count=0, label=""):
    """Run a long command, showing one moving line; on failure show its last lines."""
    lines = []
    seen = 0
    shown = time.monotonic()
    tty = sys.stdout.isatty()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Collecting"):
                seen += 1
                text = f"  {label}: {seen} of about {count} packages"
            elif line.startswith("Installing collected"):
                text = f"  {label}: copying files, this takes half a minute or so"
            else:
                continue
            now = time.monotonic()
            if tty:
                print(f"\r{text:<70}", end="", flush=True)
            elif now - shown > 5 or line.startswith("Installing collected"):
                print(text, flush=True)
                shown = now
    if tty:
        print()
    return process.returncode, lines


def set_up():
    """Make .venv as the lock says; do nothing when it is already so."""
    state = environment_state()
    if state == "ready":
        return
    for problem in (
        python_problem(),
        folder_problem(),
        writing_problem(),
        disk_problem(),
        venv_problem(),
    ):
        if problem:
            raise Stop(problem)
    why = {
        "absent": "First start: setting up. This takes one to three minutes, once.",
        "unfinished": "A former set-up was interrupted: finishing it.",
        "stale": "The project or Python changed since the last set-up: bringing it up to date.",
    }
    print(why[state], flush=True)
    if state != "absent" and not same_python():
        print("  removing the old environment, made with another Python or in another folder")
        shutil.rmtree(ENV, ignore_errors=True)
    STAMP.unlink(missing_ok=True)
    begun = time.monotonic()
    if not env_python().exists() or not has_pip():
        code, lines = run_quietly([sys.executable, "-m", "venv", "--clear", str(ENV)])
        if code:
            raise Stop("The environment could not be made:\n  " + "\n  ".join(lines[-5:]))
    count = sum("==" in line for line in LOCK.read_text().splitlines())
    code, lines = run_quietly(
        [
            str(env_python()),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--require-hashes",
            "--no-deps",
            "--progress-bar",
            "off",
            "-r",
            str(LOCK),
        ],
        count,
        "downloading and checking",
    )
    if code:
        raise Stop(explain_pip(lines))
    put_on_path()
    code, lines = run_quietly(
        [str(env_python()), "-c", "from helpers.panels.base import live; live.vega_library()"]
    )
    if code:
        raise Stop("The set-up does not run:\n  " + "\n  ".join(lines[-5:]))
    STAMP.write_text(json.dumps(fingerprint()))
    print(f"  ready after {time.monotonic() - begun:.0f} seconds", flush=True)


def same_python():
    """Is .venv made by this Python, for this folder?"""
    try:
        lines = (ENV / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return False
    said = dict(part for line in lines if len(part := line.split(" = ", 1)) == 2)
    made_here = str(ENV) in said.get("command", str(ENV))
    return said.get("version") == platform.python_version() and made_here


def has_pip():
    command = [str(env_python()), "-m", "pip", "--version"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def put_on_path():
    """Let `import helpers` find this folder: one line in the environment, no build step."""
    command = [str(env_python()), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    place = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (Path(place) / "hrd-notebooks.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def explain_pip(lines):
    text = "\n".join(lines)
    last = "\n  ".join(line for line in lines[-6:] if line)
    if "DO NOT MATCH THE HASHES" in text:
        return (
            "A downloaded package is not the one the project was tested with, so nothing was "
            "installed. Try again on another network; if it stays, report it.\n  " + last
        )
    if "No space left" in text:
        return "The disk is full. Free two gigabytes and run this again."
    offline = ("Temporary failure", "getaddrinfo", "NewConnectionError", "timed out", "Max retries")
    if any(sign in text for sign in offline):
        return (
            "The packages could not be downloaded: there seems to be no way to the internet. "
            "Check the connection (a campus network may need its proxy) and run this again; "
            "it goes on where it stopped."
        )
    return "The packages could not be installed:\n  " + last


# Commands -----------------------------------------------------------------------------------


def environment():
    """The environment variables every command of ours runs with."""
    env = dict(os.environ)
    env.pop("PYTHONHOME", None)
    env.pop("PYTHONPATH", None)
    env["PYTHONNOUSERSITE"] = "1"
    env["JUPYTER_CONFIG_PATH"] = str(ROOT / ".jupyter")
    # A python3 kernel registered in the home folder must not take the place of ours.
    env["JUPYTER_PREFER_ENV_PATH"] = "1"
    env["JUPYTER_PLATFORM_DIRS"] = "1"
    # Our matrices are small: threads only wait for one another (seen: 2 s instead of 0.1).
    env.setdefault("OMP_NUM_THREADS", "1")
    return env


def lab(arguments):
    set_up()
    folder, arguments = place_of(arguments)
    print("Opening JupyterLab. To end it, come back here and press Ctrl+C.", flush=True)
    command = [
        str(env_python()),
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={PORT}",
        *arguments,
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # a container often has no other user
    if not any(not word.startswith("-") for word in arguments):
        command.append(str(ROOT / FIRST))
    return call(command)


def place_of(arguments):
    """The folder to serve, and the arguments with the path in them made whole.

    A folder named (a student's set) is served itself, and its first notebook is opened.
    """
    words = list(arguments)
    for number, word in enumerate(words):
        path = Path(word).expanduser()
        if word.startswith("-") or not path.exists():
            continue
        path = path.resolve()
        if path.is_dir():
            books = sorted(path.glob("*.ipynb"))
            if not books:
                raise Stop(
                    f"The folder {path} holds no notebook. If you have a zip file, unpack it and "
                    "give the folder that comes out of it."
                )
            words[number] = str(books[0])
            return path, words
        words[number] = str(path)
        return (ROOT if path.is_relative_to(ROOT) else path.parent), words
    return ROOT, words


def run_module(name, arguments):
    """Run a module of ours in the environment, in the folder the user is in."""
    set_up()
    env = environment()
    return call([str(env_python()), "-P", "-m", name, *arguments], env, os.getcwd())


def assign(arguments):
    return run_module("helpers.teaching.assign", arguments)


def collect(arguments):
    return run_module("helpers.teaching.collect", arguments)


def handout(arguments):
    return run_module("helpers.teaching.handout", arguments)


def class_mode(arguments):
    """Make a copy for the projector in work/class, and open it."""
    if any(word in ("-h", "--help") for word in arguments):
        return run_module("helpers.teaching.class_copy", arguments)
    options = [word for word in arguments if word.startswith("-")]
    numbers = [word for word in arguments if not word.startswith("-")]
    if len(numbers) != 1:
        raise Stop("Name one notebook by its number, for example: python3 start.py class 02")
    target = ROOT / "work" / "class" / numbers[0].zfill(2)
    code = run_module("helpers.teaching.class_copy", [numbers[0], "--to", str(target)])
    return code or lab([str(target), *options])


def test(arguments):
    set_up()
    env = environment()
    python = str(env_python())
    pytest = [python, "-m", "pytest"]
    if arguments:
        return call([*pytest, *arguments], env)
    steps = [
        ("style", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("units", [*pytest, "tests", "-q", "-m", "not browser", "-n", "2", "--dist", "loadscope"]),
        ("notebooks", [*pytest, "--nbval", "notebooks", "-q", "-n", "2", "--dist", "loadscope"]),
        ("browser", [*pytest, "tests", "-q", "-m", "browser", "-n", "2", "--dist", "load"]),
    ]
    failed = []
    for name, command in steps:
        print(f"\n== {name}", flush=True)
        if call(command, env):
            failed.append(name)
    print("\nAll steps passed." if not failed else f"\nFailed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def doctor(_arguments):
    problems = [
        found
        for look in (python_problem, folder_problem, writing_problem, venv_problem)
        if (found := look())
    ]
    state = None
    if not problems:
        state = environment_state()
        if full := disk_problem():
            problems.append(full)
    notes = [
        found
        for look in (path_note, port_note, browser_note, test_browser_note)
        if (found := look())
    ]
    print(f"Python {platform.python_version()} on {platform.system()}; folder {ROOT}")
    if state:
        said = {
            "absent": "The environment is not set up yet; python3 start.py does it.",
            "unfinished": "A set-up was interrupted; python3 start.py finishes it.",
            "stale": "The environment is older than the project; python3 start.py renews it.",
            "ready": "The environment is ready.",
        }
        print(said[state])
    for note in notes:
        print(f"Note: {note}")
    for problem in problems:
        print(f"Problem: {problem}")
    print("Nothing stands in the way." if not problems else "Mend this, then run start.py again.")
    return 1 if problems else 0


def call(command, env=None, folder=None):
    """Run a command in the foreground; Ctrl+C ends it without a traceback."""
    process = subprocess.Popen(command, cwd=folder or ROOT, env=env or environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child got it too and is closing


COMMANDS = {
    "lab": lab,
    "test": test,
    "doctor": doctor,
    "assign": assign,
    "collect": collect,
    "class": class_mode,
    "handout": handout,
}


def main(words):
    if words and words[0].startswith("--") and words[0] != "--help":
        words = ["lab", *words]  # an option of JupyterLab, such as --no-browser
    name = words[0] if words else "lab"
    if name in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if name not in COMMANDS:
        print(f"There is no command {name!r}. It is one of: {', '.join(COMMANDS)}.")
        return 2
    try:
        problem = python_problem() or folder_problem()
        if problem and name != "doctor":
            raise Stop(problem)
        return COMMANDS[name](words[1:])
    except Stop as stop:
        print(f"\nThis did not work: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
