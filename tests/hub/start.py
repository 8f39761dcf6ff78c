"""Runs as root inside the machine: homes, exchange, then the hub until the test ends."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

EXCHANGE = Path("/usr/local/share/nbgrader/exchange")  # where nbgrader looks
machine = json.loads(sys.stdin.readline())  # an environment or a command line is no place for it

EXCHANGE.mkdir(parents=True)
EXCHANGE.chmod(0o777)
for name in machine["passwords"]:
    home = Path("/home", name)
    home.mkdir(exist_ok=True)
    shutil.chown(home, name, name)
    home.chmod(0o700)
Path("/home/teacher/.profile").write_text("export PYTHONPATH=/home/teacher/course\n")
os.chdir("/srv")
os.umask(0o022)
program = str(Path(sys.executable).with_name("jupyterhub"))
hub = subprocess.Popen(
    [program, "--config", "/opt/hub/jupyterhub_config.py"],
    env=os.environ | {"HUB_MACHINE": json.dumps(machine)},
    stdin=subprocess.DEVNULL,
)
threading.Thread(target=lambda: os._exit(hub.wait()), daemon=True).start()
sys.stdin.read()  # ends when the test lets go of it; then every process here ends
