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
    python3 start.py site --to OUT                        make the web edition

For contributors (see CONTRIBUTING.md):

    python3 start.py test fast    the tests that take a minute, for while you work
    python3 start.py refresh 02   run a notebook and keep its outputs

Options of JupyterLab's own may follow lab, for example --port=9999 or --no-browser.

Nothing is installed outside this folder: everything lives in .venv, and removing
that folder undoes it. An interrupted set-up is repaired by running it again.
"""

# Written so that Python 2.7 can read it: an old Python must get its sentence, no SyntaxError.
from __future__ import print_function

import platform
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def python_problem():
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return None
    return (
        "This is Python {}; the notebooks need 3.11, 3.12 or 3.13. "
        "Install one from python.org (or your package manager) and run it by name, "
        "for example: python3.13 start.py".format(platform.python_version())
    )


if sys.version_info < OLDEST:  # it lacks some of what is imported below
    sys.exit("This did not work: " + python_problem())

import ast
import contextlib
import errno
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = ENV / "hrd-ready.json"
FIRST = "notebooks/00_start_here.ipynb"
NEEDED = ("requirements.lock", "pyproject.toml", "helpers/__init__.py", "exercises", FIRST)
DISK_GB = 2.0
PORT = 8888
# What a notebook needs: our modules, and a chart drawn from the packages.
CHECK = "import helpers.panels.base.live, helpers.charts.drawing as d; d.vega_library()"
# Slow by nature: R, browsers, whole sets and servers, every panel and every notebook.
FAST_LEAVES_OUT = ["browser", "notebooks", "panels", "reference", "server", "teaching", "workshop"]
# What may stay of the user's settings: how pip reaches its packages, how Python prints.
PIP_KEEPS = "INDEX_URL EXTRA_INDEX_URL NO_INDEX FIND_LINKS PROXY CERT CLIENT_CERT TRUSTED_HOST"
PIP_KEEPS += " TIMEOUT DEFAULT_TIMEOUT RETRIES CACHE_DIR CONFIG_FILE KEYRING_PROVIDER"
KEPT = ["PIP_" + name for name in PIP_KEEPS.split()] + ["PYTHONUTF8", "PYTHONIOENCODING"]


class Stop(Exception):
    """Something the user can mend; the message is one plain sentence or two."""


# Looking ------------------------------------------------------------------------------------


def edition():
    """Whether this is a student's edition: the suite with one set as its notebooks."""
    return (ROOT / "notebooks" / "set.json").exists()


def folder_problem():
    needed = NEEDED[:-2] if edition() else NEEDED
    missing = [name for name in needed if not (ROOT / name).exists()]
    if missing:
        return (
            "The folder {} lacks {}, so this is not the whole project. Unpack the complete "
            "download (not only start.py) and run start.py from there.".format(ROOT, missing[0])
        )
    return None


def writing_problem():
    probe = ROOT / ".write-test-{}".format(os.getpid())
    try:
        probe.write_text("x")
        probe.unlink()
    except OSError as error:
        return (
            "Nothing can be written in {} ({}). Move the project to a folder of your own, "
            "such as Documents.".format(ROOT, error.strerror or error)
        )
    return None


def disk_problem():
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < DISK_GB and environment_state() != "ready":
        return (
            "Only {:.1f} GB are free on this disk; the set-up needs {:.0f} GB. "
            "Free some space or move the project to another disk.".format(free, DISK_GB)
        )
    return None


def venv_problem():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            "This Python comes without venv. On Debian or Ubuntu run: "
            "sudo apt install python{}.{}-venv   and then start again.".format(*sys.version_info)
        )
    return None


def path_note():
    if os.name == "nt" and len(str(ROOT)) > 90:
        return (
            "The folder's path has {} characters, which can break installs on Windows. Move the "
            "project nearer the top, for example C:\\hrd.".format(len(str(ROOT)))
        )
    if " " in str(ROOT):
        return "The path has spaces in it; that works."
    return None


def port_note():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.3)
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            return (
                "Port {} is in use, probably by another JupyterLab. start.py takes the next free "
                "one; look at the address that it prints.".format(PORT)
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
    return next(filter(None, map(shutil.which, names)), None)


def environment_state():
    """absent, unfinished, stale or ready"""
    if not ENV.exists():
        return "absent"
    if not STAMP.exists():
        return "unfinished"
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
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
        "machine": "{} {}".format(sys.platform, platform.machine()),
        "folder": str(ROOT),
    }


def env_python():
    return ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


# Setting up ---------------------------------------------------------------------------------


def run_quietly(command, holding=None, label="", count=0):
    """Run a long command, showing one moving line; return its exit code and its lines.

    While it runs the set-up's lock is held, even when start.py itself is killed.
    """
    lines = []
    seen = 0
    shown = time.monotonic()
    tty = sys.stdout.isatty()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
        env=environment(),
        cwd=str(ROOT / "notebooks"),
        pass_fds=(holding.fileno(),) if holding and os.name != "nt" else (),
    ) as process:
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Collecting"):
                seen += 1
                text = "  {}: {} of about {} packages".format(label, seen, count)
            elif line.startswith("Installing collected"):
                text = "  {}: copying files, this takes half a minute or so".format(label)
            else:
                continue
            now = time.monotonic()
            if tty:
                print("\r{:<70}".format(text), end="", flush=True)
            elif now - shown > 5 or line.startswith("Installing collected"):
                print(text, flush=True)
                shown = now
    if tty:
        print()
    return process.returncode, lines


@contextlib.contextmanager
def alone():
    """Let one set-up run at a time: a lock of the system's, which ends with its holder."""
    with open(str(LOCK), "r+b") as file:
        if not got(file):
            print("Another window is setting up; waiting until it is done.", flush=True)
            while not got(file):
                time.sleep(0.5)
        yield file


def got(file):
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(1 << 30)  # behind the end: what is locked on Windows cannot be read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A disk that knows no locks says something else; there we go on without.
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def set_up():
    """Make .venv as the lock says; do nothing when it is already so."""
    if environment_state() == "ready":
        return
    looks = (python_problem, folder_problem, writing_problem, disk_problem, venv_problem)
    for look in looks:
        problem = look()
        if problem:
            raise Stop(problem)
    with alone() as holding:
        state = environment_state()
        if state != "ready":
            make_environment(state, holding)


def make_environment(state, holding):
    why = {
        "absent": "First start: setting up. This takes one to three minutes, once.",
        "unfinished": "A former set-up was interrupted: finishing it.",
        "stale": "The project or Python changed since the last set-up: bringing it up to date.",
    }
    print(why[state], flush=True)
    if state != "absent" and not same_python():
        print("  removing the old environment, made with another Python or in another folder")
        shutil.rmtree(str(ENV), ignore_errors=True)
    if STAMP.exists():
        STAMP.unlink()
    begun = time.monotonic()
    python = str(env_python())
    if not env_python().exists() or run_quietly([python, "-m", "pip", "--version"])[0]:
        code, lines = run_quietly([sys.executable, "-m", "venv", "--clear", str(ENV)], holding)
        if code:
            raise Stop(explain(lines, "The environment could not be made"))
    count = sum("==" in line for line in LOCK.read_text("utf-8").splitlines())
    pip = "-m pip install --disable-pip-version-check --no-input --require-hashes --no-deps"
    command = [python] + pip.split() + ["--progress-bar", "off", "-r", str(LOCK)]
    code, lines = run_quietly(command, holding, "downloading and checking", count)
    if code:
        raise Stop(explain(lines, "The packages could not be installed"))
    put_on_path()
    # From a folder without helpers/, so that this proves what a notebook will find.
    code, lines = run_quietly([python, "-c", CHECK], holding)
    if code:
        raise Stop(explain(lines, "The set-up does not run"))
    STAMP.write_text(json.dumps(fingerprint()), "utf-8")
    print("  ready after {:.0f} seconds".format(time.monotonic() - begun), flush=True)


def same_python():
    """Is .venv made by this Python, for this folder?"""
    try:
        lines = (ENV / "pyvenv.cfg").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return False
    said = dict(line.split(" = ", 1) for line in lines if " = " in line)
    made_here = str(ENV) in said.get("command", str(ENV))
    return said.get("version") == platform.python_version() and made_here


def put_on_path():
    """Let `import helpers` find this folder: one line in the environment, no build step.

    A line of code with bytes in it: Python 3.11 and 3.12 read a bare path in the computer's own
    encoding, 3.13 in UTF-8, and a folder with accents must be found by all three.
    """
    ask = "import os, sysconfig; print(os.fsencode(sysconfig.get_path('purelib')))"
    code, lines = run_quietly([str(env_python()), "-c", ask])
    if code:
        raise Stop(explain(lines, "The environment does not run"))
    place = Path(os.fsdecode(ast.literal_eval(lines[-1]))) / "hrd-notebooks.pth"
    line = "import os, sys; sys.path.append(os.fsdecode({!r}))\n"
    place.write_text(line.format(os.fsencode(str(ROOT))), "ascii")


def explain(lines, otherwise):
    """Say in a sentence why a step of the set-up failed."""
    text = "\n".join(lines)
    last = "\n  ".join([line for line in lines if line][-6:])
    if "DO NOT MATCH THE HASHES" in text:
        return (
            "A downloaded package is not the one the project was tested with, so nothing was "
            "installed. Try again on another network; if it stays, report it.\n  " + last
        )
    temporary = tempfile.gettempdir()
    if "No space left" in text or shutil.disk_usage(temporary).free < 1e8:
        return (
            "The disk is full, or the one for temporary files, {}. Free two gigabytes and run "
            "this again.".format(temporary)
        )
    offline = ("Temporary failure", "getaddrinfo", "NewConnectionError", "timed out", "Max retries")
    if any(sign in text for sign in offline):
        return (
            "The packages could not be downloaded: there seems to be no way to the internet. "
            "Check the connection (a campus network may need its proxy) and run this again; "
            "it goes on where it stopped."
        )
    if any(sign in text for sign in ("No matching distribution", "from versions: none")):
        return (
            "The packages could not be found: there is no way to the internet, or pip was told "
            "to look elsewhere (PIP_NO_INDEX, PIP_INDEX_URL, pip.conf). Mend that and run this "
            "again; it goes on where it stopped."
        )
    return otherwise + ":\n  " + last


# Commands -----------------------------------------------------------------------------------


def environment():
    """The environment variables every command of ours runs with.

    Without those that lead Python or pip to other packages than ours: PYTHONPATH, PYTHONHOME,
    PIP_TARGET, PIP_USER and the like.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(("PYTHON", "PIP_", "__PYVENV"))
    }
    env["PIP_USER"] = "0"  # a pip.conf may ask for it
    env["PYTHONNOUSERSITE"] = "1"
    # A folder handed in by somebody else must not run its own modules under our names.
    env["PYTHONSAFEPATH"] = "1"
    env["JUPYTER_CONFIG_PATH"] = str(ROOT / ".jupyter")
    # What these programs write beside the notebooks stays in this folder, not in the home.
    for name, place in {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
        "npm_config_cache": "npm",
    }.items():
        env[name] = str(ROOT / "work" / "jupyter" / place)
    # A python3 kernel registered in the home folder must not take the place of ours.
    env["JUPYTER_PREFER_ENV_PATH"] = "1"
    env["JUPYTER_PLATFORM_DIRS"] = "1"
    # Our matrices are small: threads only wait for one another (seen: 2 s instead of 0.1).
    env.setdefault("OMP_NUM_THREADS", "1")
    return env


def lab(arguments, view="/lab/tree/"):
    set_up()
    folder, book, options = place_of(arguments)
    print("Opening JupyterLab. To end it, come back here and press Ctrl+C.", flush=True)
    command = [str(env_python()), "-m", "jupyterlab"]
    if not any(word.startswith(("--ServerApp.root_dir", "--notebook-dir")) for word in options):
        # So the address that is printed is the notebook's, and the browser opens that.
        address = view + quote(book.relative_to(folder).as_posix())
        command += ["--ServerApp.root_dir=" + str(folder), "--LabApp.default_url=" + address]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # a container often has no other user
    return call(command + options)


def place_of(arguments):
    """The folder to serve, the notebook to open in it, and JupyterLab's own options.

    A folder named (a student's set) is served itself, and its first notebook is opened.
    """
    folder, book, options = ROOT, ROOT / FIRST, []
    if edition():
        book = sorted((ROOT / "notebooks").glob("*.ipynb"))[0]
    for word in arguments:
        path = Path(word).expanduser()
        if word.startswith("-"):
            options.append(word)
        elif path.is_dir():
            folder = path.resolve()
            books = sorted(folder.glob("*.ipynb"))
            if not books:
                raise Stop(
                    "The folder {} holds no notebook. If you have a zip file, unpack it and "
                    "give the folder that comes out of it.".format(folder)
                )
            book = books[0]
        elif path.exists():
            book = path.resolve()
            folder = ROOT if ROOT in book.parents else book.parent
        elif options and options[-1].startswith("--") and "=" not in options[-1]:
            options.append(word)  # the value of the option before it
        else:
            raise Stop("There is no folder or notebook {}.".format(word))
    return folder, book, options


def run_module(name, arguments):
    """Run a module of ours in the environment, in the folder the user is in."""
    if edition():
        raise Stop("This is a student's edition; that command is for instructors.")
    set_up()
    env = environment()
    return call([str(env_python()), "-P", "-m", name] + arguments, env, os.getcwd())


def assign(arguments):
    return run_module("helpers.teaching.assign", arguments)


def collect(arguments):
    return run_module("helpers.teaching.collect", arguments)


def handout(arguments):
    return run_module("helpers.teaching.handout", arguments)


def site(arguments):
    return run_module("helpers.site", arguments)


def class_mode(arguments):
    """Make a copy for the projector in work/class, and open it."""
    if any(word in ("-h", "--help") for word in arguments):
        return run_module("helpers.teaching.class_copy", arguments)
    if "--address" in arguments[:-1]:
        at = arguments.index("--address")
        arguments = arguments[:at] + ["--address=" + arguments[at + 1]] + arguments[at + 2 :]
    ours = [word for word in arguments if word == "--vote" or word.startswith("--address=")]
    options = [word for word in arguments if word.startswith("-") and word not in ours]
    numbers = [word for word in arguments if not word.startswith("-")]
    if len(numbers) != 1:
        raise Stop("Name one notebook by its number, for example: python3 start.py class 02")
    target = ROOT / "work" / "class" / numbers[0].zfill(2)
    code = run_module("helpers.teaching.class_copy", [numbers[0], "--to", str(target)])
    if code:
        return code
    vote = None
    if "--vote" in ours:
        # It ends when this program does: then its input is closed.
        command = [str(env_python()), "-P", "-m", "helpers.teaching.vote", numbers[0]]
        command += ["--folder", str(target / "polls")] + [w for w in ours if w != "--vote"]
        vote = subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE)
    try:
        # One document alone, without the file browser beside it.
        return lab([str(target)] + options, "/doc/tree/")
    finally:
        if vote:
            vote.stdin.close()
            vote.wait()


def test(arguments):
    set_up()
    env = environment()
    python = str(env_python())
    pytest = [python, "-m", "pytest"]
    if arguments == ["fast"]:
        fast = [word for name in FAST_LEAVES_OUT for word in ("--ignore", "tests/" + name)]
        return call(pytest + ["-q", "-n", "2", "-m", "not browser and not slow"] + fast, env)
    if arguments:
        return call(pytest + arguments, env)
    pytest += ["-q", "-n", "2"]
    steps = [
        ("style", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("units", pytest + ["-m", "not browser", "tests", "--dist", "loadscope"]),
        ("notebooks", pytest + ["--nbval", "notebooks", "--dist", "loadscope"]),
        ("browser", pytest + ["-m", "browser", "tests", "--dist", "load"]),
    ]
    failed = []
    for name, command in steps:
        print("\n== " + name, flush=True)
        if call(command, env):
            failed.append(name)
    print("\nFailed: " + ", ".join(failed) if failed else "\nAll steps passed.", flush=True)
    return 1 if failed else 0


def refresh(arguments):
    """Run notebooks, all or those with these numbers, and keep their outputs."""
    set_up()
    books = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    wanted = [word.zfill(2) for word in arguments]
    missing = [word for word in wanted if not any(name.startswith(word + "_") for name in books)]
    if missing:
        listed = ", ".join(name[:2] for name in books)
        raise Stop("There is no notebook {}; there are: {}.".format(missing[0], listed))
    chosen = [name for name in books if not wanted or name[:2] in wanted]
    return run_module("workshop.refresh", chosen)


def doctor(_arguments):
    looks = (python_problem, folder_problem, writing_problem, venv_problem)
    problems = [found for found in [look() for look in looks] if found]
    state = None
    if not problems:
        state = environment_state()
        problems = [found for found in [disk_problem()] if found]
    looks = (path_note, port_note, browser_note, test_browser_note)
    notes = [found for found in [look() for look in looks] if found]
    about = (platform.python_version(), platform.system(), ROOT)
    print("Python {} on {}; folder {}".format(*about))
    if state:
        said = {
            "absent": "The environment is not set up yet; python3 start.py does it.",
            "unfinished": "A set-up was interrupted; python3 start.py finishes it.",
            "stale": "The environment is older than the project; python3 start.py renews it.",
            "ready": "The environment is ready.",
        }
        print(said[state])
    for note in notes:
        print("Note: " + note)
    for problem in problems:
        print("Problem: " + problem)
    print("Nothing stands in the way." if not problems else "Mend this, then run start.py again.")
    return 1 if problems else 0


def call(command, env=None, folder=None):
    """Run a command in the foreground; what stops this program stops it, without a traceback."""
    process = subprocess.Popen(command, cwd=str(folder or ROOT), env=env or environment())
    asked = []

    def stop(*_):
        asked.append(True)
        process.terminate()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:
                if not sys.stdin.isatty():
                    stop()  # from a keyboard the child got it too and is closing
    finally:
        signal.signal(signal.SIGTERM, before)
    if asked:
        sys.exit(130)
    return code


COMMANDS = {
    "lab": lab,
    "test": test,
    "doctor": doctor,
    "refresh": refresh,
    "assign": assign,
    "collect": collect,
    "class": class_mode,
    "handout": handout,
    "site": site,
}


def main(words):
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console need not know the folder's letters
            stream.reconfigure(errors="backslashreplace")
    if words and words[0].startswith("--") and words[0] != "--help":
        words = ["lab"] + words  # an option of JupyterLab, such as --no-browser
    name = words[0] if words else "lab"
    if name in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if name not in COMMANDS:
        print("There is no command {!r}. It is one of: {}.".format(name, ", ".join(COMMANDS)))
        return 2
    try:
        problem = python_problem() or folder_problem()
        if problem and name != "doctor":
            raise Stop(problem)
        return COMMANDS[name](words[1:])
    except Stop as stop:
        print("\nThis did not work: {}".format(stop), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
