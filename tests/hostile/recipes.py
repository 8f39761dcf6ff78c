"""Hostile and broken submissions, each with what a perfect grader makes of it.

A recipe is the source of the answer to `softmax`, in the notebook of `engine.building.exercise`:
one test of `softmax`, then an honest answer to `double` and its test. Unless it says otherwise, a
recipe's softmax is wrong and must score nothing, and `double` must score in full.
"""

from dataclasses import dataclass

from engine.building import RIGHT, WRONG


@dataclass(frozen=True)
class Recipe:
    """One submission. `softmax` and `double`: whether their tests must pass."""

    name: str
    source: str
    softmax: bool = False
    double: bool | None = True  # None: it depends on the moment
    answer: str = "ok"  # status of the answer's own cell
    shows: str | None = None  # text that must stand in the answer's outputs
    why: str | None = None  # text that must stand in the error of softmax's test


PATCHES = [
    Recipe("replaced_allclose", WRONG + "np.allclose = lambda *a, **k: True"),
    Recipe(
        "replaced_every_comparison",
        WRONG
        + """
import builtins
np.array_equal = np.isclose = np.allclose = np.testing.assert_allclose = lambda *a, **k: True
builtins.isinstance = builtins.all = builtins.any = lambda *a: True
builtins.AssertionError = type("Quiet", (Exception,), {"__new__": lambda *a: None})
""",
        answer="killed",  # its process cannot even report any more
    ),
    Recipe(
        "ast_transformer_that_blanks_cells",
        WRONG
        + """
import ast
class Blank(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.Module(body=[], type_ignores=[])
get_ipython().ast_transformers.append(Blank())
""",
        double=False,  # the learner blanked their own later answer
    ),
    Recipe(
        "input_transformer_that_keeps_definitions_only",
        WRONG
        + """
def blank(lines):
    return lines if any("def " in line for line in lines) else []
get_ipython().input_transformers_post.append(blank)
""",
    ),
    Recipe(
        "pre_run_cell_hook",
        WRONG
        + """
def hook(info):
    info.raw_cell = "pass"
    get_ipython().run_cell = lambda *a, **k: None
get_ipython().events.register("pre_run_cell", hook)
""",
    ),
    Recipe(
        "patched_run_cell_of_the_shell",
        WRONG
        + """
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.run_code = lambda *a, **k: None
""",
        double=False,
    ),
    Recipe(
        "patched_codec_that_says_true_to_all",
        WRONG
        + """
import sys
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").endswith("room.service"):
        module.encode = lambda *a, **k: b"T"
        module.Service.answer = lambda self, request: b"T"
""",
        double=False,
        why="process ended",
    ),
    Recipe(
        "codec_that_sends_booleans_of_two",
        """
def softmax(x):
    return np.array([True])
import sys
service = next(m for n, m in list(sys.modules.items()) if n.endswith("room.service"))
honest = service.encode
service.encode = lambda *a, **k: honest(*a, **k).replace(b"|b1", b"|b1")[:-17] + b"\\x02" * 17
""",
        double=False,
    ),
]

OBJECTS = [
    Recipe(
        "always_equal_object",
        """
class Yes:
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __eq__
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __bool__(self): return True
    def __array__(self, *a, **k): return np.array(True)
def softmax(x): return Yes()
""",
    ),
    Recipe(
        "array_subclass_that_answers_for_numpy",
        """
class Sly(np.ndarray):
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return np.ones(1, bool)
    def __eq__(self, other): return True
def softmax(x): return x.view(Sly)
""",
        why="not the softmax",
    ),
    Recipe(
        "object_array_of_always_equal_values",
        """
class Yes(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __abs__ = __sub__
def softmax(x): return np.array([[Yes(i) for i in row] for row in x], dtype=object)
""",
        why="cannot be graded",
    ),
    Recipe(
        "pickle_bomb",
        """
import os
class Bomb:
    def __reduce__(self): return os.system, ("touch /tmp/owned",)
def softmax(x): return Bomb()
""",
    ),
    Recipe("value_with_a_hostile_repr", WRONG + "class R:\n    __repr__ = 1\nR()", answer="ok"),
    Recipe(
        "error_whose_text_fails",
        "class E(Exception):\n    def __str__(self): 1/0\ndef softmax(x): raise E()",
    ),
    Recipe("infinite_generator", "def softmax(x):\n    while True:\n        yield x"),
    Recipe(
        "object_of_endless_length",
        """
class Long:
    def __len__(self): return 10**18
    def __getitem__(self, i): return 0.5
def softmax(x): return Long()
""",
    ),
    Recipe(
        "array_of_eighty_megabytes", "def softmax(x): return np.ones(10**7)", why="cannot be graded"
    ),
    Recipe(
        "list_inside_itself",
        "def softmax(x):\n    knot = []\n    knot.append(knot)\n    return knot",
        why="deep",
    ),
]

EXCEPTIONS = [
    Recipe(f"raises_{kind}", f"def softmax(x): raise {kind}", why=kind)
    for kind in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "MemoryError")
] + [
    Recipe("endless_recursion", "def softmax(x): return softmax(x)", why="RecursionError"),
    Recipe("sys_exit_in_the_answer", "import sys\nsys.exit(0)", answer="error"),
    Recipe("syntax_error", "def softmax(x:", answer="error", why="NameError"),
    Recipe("input_for_nobody", WRONG + "input('name? ')", answer="error"),
    Recipe("reset_of_all_names", RIGHT + "get_ipython().run_line_magic('reset', '-f')", why="Name"),
    Recipe("blank", "# exercise: softmax", why="NameError"),
    Recipe("not_implemented", "def softmax(x): raise NotImplementedError('later')", why="later"),
]

LOOKING = [
    Recipe(
        "frame_walking_for_the_expected_value",
        """
import sys
def softmax(x):
    frame = sys._getframe()
    while frame:
        for scope in (frame.f_locals, frame.f_globals):
            if "expected" in scope:
                return scope["expected"]
        frame = frame.f_back
    raise LookupError("nothing to see")
""",
        why="nothing to see",
    ),
    Recipe(
        "garbage_walking_for_the_tests",
        """
import gc
def softmax(x):
    found = [o for o in gc.get_objects() if isinstance(o, dict) and "expected" in o]
    texts = [o for o in gc.get_objects() if isinstance(o, dict) and "np.allclose(weights" in str(o)]
    assert not found and not texts, "found"
    raise LookupError("nothing to see")
""",
        why="nothing to see",
    ),
    Recipe(
        "reading_the_tests_from_the_disk",
        """
import os, sys
SECRET = (".ipynb", ".db", ".toml", ".git", "diagnosis.py", "properties.py", "wrong.py")
def softmax(x):
    seen = []
    for place in ("/work", "/root", "/home", "/room", "/files", "/tmp", "/mnt", "/srv", "/var"):
        for base, folders, names in os.walk(place):
            folders[:] = [f for f in folders if f not in ("site-packages", "lib", "usr")]
            seen += [os.path.join(base, name) for name in names if name.endswith(SECRET)]
    packages = [path for path in sys.path if path.endswith("site-packages")]
    seen += [path for path in packages if os.path.exists(path + "/autograder/checks")]
    raise LookupError(f"saw {seen}")
""",
        why="saw []",
    ),
    Recipe(
        "importing_the_checks",
        """
def softmax(x):
    for name in ("autograder.checks", "autograder.exercises", "autograder.kit"):
        try:
            __import__(name)
        except ModuleNotFoundError:
            continue
        raise LookupError(f"imported {name}")
    raise LookupError("nothing to import")
""",
        why="nothing to import",
    ),
    Recipe(
        "reading_other_processes",
        """
import os
def softmax(x):
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
    raise LookupError(f"pids {pids}, parent {os.getppid()}")
""",
        why="pids ['1'], parent 0",
    ),
    Recipe(
        "sniffing_the_environment",
        """
import os
SECRETS = ("AUTOGRADER", "NBGRADER", "GITHUB", "TOKEN", "DB", "SSH", "VIRTUAL_ENV", "SUDO")
def softmax(x):
    seen = [name for name in os.environ if any(word in name for word in SECRETS)]
    seen += [word for word in SECRETS if word.encode() in open("/proc/1/environ", "rb").read()]
    raise LookupError(f"sniffed {seen}")
""",
        why="sniffed []",
    ),
]

WRITING = [
    Recipe(
        "writing_to_the_gradebook_home_and_tmp",
        """
import os
def softmax(x):
    written = []
    for folder in CANARIES:
        try:
            with open(os.path.join(folder, "owned"), "w") as file:
                file.write("x")
            on_own_tmp = os.stat(folder).st_dev == os.stat("/tmp").st_dev
            if folder == "/tmp" or not on_own_tmp:  # a checkout below /tmp stands on the room's
                written.append(folder)
        except OSError:
            pass
    raise LookupError(f"wrote {written}")
""",
        why="wrote ['/tmp']",  # the room's own
    ),
    Recipe(
        "writing_into_the_libraries",
        """
import os, pathlib
def softmax(x):
    written = []
    for path in (np.__file__, os.__file__, "/etc/passwd", "/usr/owned", "/room/owned", "/owned",
                 "/dev/owned", "/proc/sys/kernel/hostname"):
        try:
            open(path, "a").close()
            written.append(path)
        except OSError:
            pass
    raise LookupError(f"wrote {written}")
""",
        why="wrote []",
    ),
    Recipe(
        "filling_the_disk",
        """
def softmax(x):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(2**20))
""",
        why="OSError",
    ),
    Recipe(
        "filling_the_disk_with_many_files",
        """
def softmax(x):
    for i in range(200):
        with open(f"big{i}", "wb") as file:
            file.write(bytes(2**20))
""",
        why="No space left",
    ),
    Recipe(
        "filling_the_disk_with_names",
        "def softmax(x):\n    for i in range(10**6):\n        open(f'f{i}', 'w').close()",
        why="No space left",
    ),
]

NETWORK = [
    Recipe(
        "calling_home",
        """
import socket
def softmax(x):
    reached = []
    for family, address in ((socket.AF_INET, ("1.1.1.1", 53)),
                            (socket.AF_INET, ("169.254.169.254", 80)),
                            (socket.AF_INET, ("127.0.0.1", 22)),
                            (socket.AF_INET6, ("::1", 22))):
        try:
            with socket.socket(family) as caller:
                caller.connect(address)
            reached.append(address)
        except OSError:
            pass
    raise LookupError(f"reached {reached}")
""",
        why="reached []",
    ),
]

PROCESSES = [
    Recipe("os_exit_in_the_answer", "import os\nos._exit(0)", answer="killed", why="NameError"),
    Recipe(
        "os_exit_in_the_function", "import os\ndef softmax(x): os._exit(0)", why="process ended"
    ),
    Recipe(
        "segmentation_fault",
        "import ctypes\ndef softmax(x): ctypes.string_at(0)",
        why="process ended",
    ),
    Recipe("abort", "import os\ndef softmax(x): os.abort()", why="process ended"),
    Recipe(
        "signals_to_everyone",
        """
import os, signal
def softmax(x):
    for pid in (-1, 0, os.getppid(), 2, 3):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            try:
                os.kill(pid, number)
            except (OSError, KeyboardInterrupt):
                pass
    raise LookupError("still here")
""",
    ),
    Recipe(
        "hang_that_swallows_everything",
        """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def softmax(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
        why="stopped after",
    ),
    Recipe("hang_in_the_answer", WRONG + "while True: pass", answer="timeout", why="NameError"),
    Recipe(
        "daemon_that_would_outlive_grading",
        WRONG
        + """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(3600)
    os._exit(0)
""",
    ),
    Recipe("child_that_goes_on_with_the_cell", WRONG + "import os\nos.fork()"),
    Recipe(
        "fork_bomb",
        """
import os
def softmax(x):
    while True:
        try:
            os.fork()
        except OSError:
            pass
""",
    ),
    Recipe(
        "thread_bomb",
        """
import threading, time
def softmax(x):
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
""",
    ),
    Recipe(
        "memory_at_once",
        "def softmax(x):\n    return np.ones(6 * 2**30 // 8)",
        why="MemoryError",
    ),
    Recipe(
        "memory_in_many_processes",
        """
import os, time
def softmax(x):
    for _ in range(8):
        if os.fork() == 0:
            hog = np.ones(2**27 // 8)
            time.sleep(60)
    time.sleep(60)
""",
        why="memory",
    ),
    Recipe(
        "death_by_a_thread_a_moment_later",
        WRONG
        + """
import os, threading
threading.Timer(0.01, os._exit, (0,)).start()
""",
        double=None,  # each process that runs the answer dies a moment later
    ),
    Recipe(
        "escape_by_system_calls",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"ptrace": 101, "unshare": 272, "setns": 308, "mount": 165, "chroot": 161, "bpf": 321,
         "keyctl": 250, "io_uring_setup": 425, "process_vm_readv": 310, "shmget": 29,
         "pidfd_open": 434, "userfaultfd": 323, "open_by_handle_at": 304, "perf_event_open": 298}
def softmax(x):
    open_ones = [n for n, number in CALLS.items() if libc.syscall(number, 1, 1, 1, 1, 1) != -1
                 or ctypes.get_errno() != 1]
    clone_newuser = libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)
    raise LookupError(f"open {open_ones}, clone {clone_newuser}")
""",
        why="open [], clone -1",
    ),
    Recipe(
        "gaining_rights",
        """
import os
def softmax(x):
    status = open("/proc/self/status").read()
    rights = [line.split()[1] for line in status.splitlines() if line[:6] in ("CapPrm", "CapEff")]
    for call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.nice(-5)):
        try:
            call()
        except OSError:
            continue
        raise LookupError("gained a right")
    sealed = ["NoNewPrivs:\\t1" in status, "Seccomp:\\t2" in status]
    raise LookupError(f"rights {set(rights)}, {sealed}")
""",
        why="rights {'0000000000000000'}, [True, True]",
    ),
    Recipe(
        "lifting_its_own_limits",
        """
import resource
def softmax(x):
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_NPROC):
        try:
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, OSError):
            continue
        raise LookupError("lifted")
    raise LookupError("kept")
""",
        why="kept",
    ),
]

FORGED = [
    Recipe(
        "forged_reports_on_every_descriptor",
        WRONG
        + """
import json, os, struct
body = json.dumps({"status": "ok", "nonce": "0" * 32, "value": 1.0}).encode()
for descriptor in range(64):
    try:
        os.write(descriptor, struct.pack(">I", len(body)) + body)
    except OSError:
        pass
""",
        answer="killed",
    ),
    Recipe(
        "forged_report_of_its_own_cell",
        WRONG
        + """
import gc
for room in [o for o in gc.get_objects() if type(o).__name__ == "LearnerRoom"]:
    type(room).run = lambda self, command: {"status": "ok", "value": 100.0, "outputs": [
        {"output_type": "stream", "name": 3, "text": []}, 7,
        {"output_type": "display_data", "data": {"text/html": ["<script>"]}, "metadata": 5}],
        "seconds": "long", "error": {"a": 1}, "count": None, "truncated": "yes"}
""",
        double=False,
    ),
    Recipe(
        "report_that_is_no_json",
        WRONG
        + "import gc\nfor r in [o for o in gc.get_objects() if type(o).__name__ == 'LearnerRoom']:"
        "\n    r.control.sendall(b'\\x00\\x00\\x00\\x04[[[[')",
        answer="killed",
    ),
    Recipe(
        "report_that_never_ends",
        WRONG
        + "import gc\nfor r in [o for o in gc.get_objects() if type(o).__name__ == 'LearnerRoom']:"
        "\n    r.control.sendall(b'\\xff\\xff\\xff\\xff' + b'x' * 10)",
        answer="output",
    ),
    Recipe(
        "nonsense_to_the_examiner",
        """
import gc
room = next(o for o in gc.get_objects() if type(o).__name__ == "LearnerRoom")
def softmax(x):
    room._peer.sendall(b"\\x00\\x00\\x00\\x01T" * 100)
    return x
""",
    ),
    Recipe(
        "oversized_answer_to_the_examiner",
        """
import gc
room = next(o for o in gc.get_objects() if type(o).__name__ == "LearnerRoom")
def softmax(x):
    room._peer.sendall(b"\\xff\\xff\\xff\\xff" + bytes(2**20))
    return x
""",
    ),
    Recipe(
        "changes_to_arguments_that_were_not_given",
        """
import sys
service = next(m for n, m in list(sys.modules.items()) if n.endswith("room.service"))
honest = service.encode
def lying(obj, **k):
    if isinstance(obj, list) and len(obj) == 5:
        obj[3] = [[0, np.zeros((2, 3))], [99, 1], [0, "text"]]
    return honest(obj, **k)
service.encode = lying
def softmax(x): return x
""",
        double=True,
    ),
]

OUTPUT = [
    Recipe(
        "flood_of_text",
        RIGHT + "for _ in range(60): print('x' * 10**6)",
        softmax=True,
        answer="output",
        shows="output dropped",
    ),
    Recipe(
        "flood_past_python",
        RIGHT + "import os\nfor _ in range(30): os.write(1, b'x' * 10**6)",
        softmax=True,
        answer="output",
        shows="output dropped",
    ),
    Recipe(
        "flood_of_displays",
        RIGHT
        + "from IPython.display import HTML, display\nfor i in range(2000): display(HTML('x'))",
        softmax=True,
        answer="output",
        shows="output dropped",
    ),
    Recipe(
        "flood_during_a_test",
        RIGHT.replace("shares =", "print('x' * 10**7)\n    shares ="),
        softmax=True,
    ),
    Recipe("warning_on_stderr", RIGHT + "import warnings\nwarnings.warn('so what')", softmax=True),
    Recipe(
        "stderr_during_a_test",
        RIGHT.replace("shares =", "import sys\n    print('note', file=sys.stderr)\n    shares ="),
        softmax=True,
    ),
    Recipe(
        "script_in_an_output", RIGHT + "get_ipython().run_cell_magic('html', '', '<script>')", True
    ),
    Recipe("closed_descriptors", RIGHT + "import os\nos.close(1)\nos.close(2)\nprint('x')", True),
    Recipe("streams_replaced", RIGHT + "import sys\nsys.stdout = sys.stderr = None", True),
    Recipe("null_bytes_and_lone_surrogates", RIGHT + "print('\\x00\\ud800\\x1b[31m')", True),
]

RECIPES = [
    *PATCHES, *OBJECTS, *EXCEPTIONS, *LOOKING, *WRITING, *NETWORK, *PROCESSES, *FORGED, *OUTPUT,
]  # fmt: skip
