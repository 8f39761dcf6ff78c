"""A hub for three people, each an account of the machine with a password of their own."""

import hmac
import json
import os
import sys
from pathlib import Path

from jupyterhub.auth import Authenticator

machine = json.loads(os.environ["HUB_MACHINE"])


class OwnPassword(Authenticator):
    """Lets in who knows the password that stands beside the name."""

    async def authenticate(self, handler, data):
        known = machine["passwords"].get(data["username"], "")
        right = known and hmac.compare_digest(known, data["password"])
        return data["username"] if right else None


c = get_config()  # noqa: F821
c.JupyterHub.authenticator_class = OwnPassword
c.Authenticator.allowed_users = set(machine["passwords"])
c.JupyterHub.bind_url = f"http://127.0.0.1:{machine['ports'][0]}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{machine['ports'][1]}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{machine['ports'][2]}"
c.ConfigurableHTTPProxy.command = machine["proxy"]
c.JupyterHub.spawner_class = "localprocess"
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
