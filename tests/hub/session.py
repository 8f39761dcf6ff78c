"""One person's browser at the hub: log in, type in a terminal, work in JupyterLab."""

import re
import secrets
from dataclasses import dataclass

from machine import Hub
from playwright.sync_api import Browser, Page, expect

PATIENCE = 120_000  # ms; a server starts, or a kernel imports PyTorch, on a busy machine
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\r")
TYPE = """async ([base, line, end]) => {
  const token = document.cookie.match(/(?:^|; )_xsrf=([^;]+)/)[1];
  const headers = {"X-XSRFToken": token};
  const made = await fetch(base + "api/terminals", {method: "POST", headers});
  const {name} = await made.json();
  const socket = new WebSocket(
    base.replace("http", "ws") + "terminals/websocket/" + name + "?_xsrf=" + token);
  let said = "";
  await new Promise((done, fail) => {
    socket.onmessage = event => {
      const [kind, text] = JSON.parse(event.data);
      if (kind === "setup") socket.send(JSON.stringify(["stdin", line + "\\r"]));
      if (kind === "stdout" && new RegExp(end + "-[0-9]+-").test(said += text)) done();
    };
    socket.onerror = fail;
    socket.onclose = () => fail(new Error("the terminal closed: " + said));
  });
  socket.onclose = null;
  await fetch(base + "api/terminals/" + name, {method: "DELETE", headers});
  return said;
}"""


@dataclass
class Session:
    """A person who is logged in at the hub; `page` shows their JupyterLab."""

    hub: Hub
    name: str
    page: Page

    @property
    def home(self) -> str:
        """The address of their server."""
        return f"{self.hub.address}/user/{self.name}/"

    def type(self, line: str) -> tuple[int, str]:
        """Run a line in a terminal of their own; its exit code and what was written."""
        end = secrets.token_hex(4)
        typed = f"cd; ( {line} ); printf '%s-%d-\\n' {end} $?"
        said = ESCAPES.sub("", self.page.evaluate(TYPE, [self.home, typed, end]))
        text, code = re.search(rf"\n(.*?){end}-(\d+)-", said, re.DOTALL).groups()
        return int(code), text

    def run(self, line: str) -> str:
        """The same, for what has to work."""
        code, text = self.type(line)
        assert code == 0, f"{self.name}: {line}\nended with {code}:\n{text}"
        return text

    def menu(self, *words: str) -> None:
        """Choose from JupyterLab's menu bar: the menu, then the entry."""
        self.page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{words[0]}$")).click()
        entry = re.compile(f"^{re.escape(words[1])}")
        self.page.locator(".lm-Menu-item", has_text=entry).first.click()


def log_in(browser: Browser, hub: Hub, name: str) -> Session:
    """A browser of their own, the hub's form, and JupyterLab once their server has started."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{hub.address}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(hub.passwords[name])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/user/{name}/lab**")
    expect(page.locator("#jp-main-dock-panel")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0, timeout=PATIENCE)
    return Session(hub, name, page)
