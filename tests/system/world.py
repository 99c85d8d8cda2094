# SPDX-License-Identifier: GPL-3.0-or-later
"""A world for whole-system tests: simulated modems and phones, a real safard, the real command line.

Nothing in here waits for time to pass: it waits for outcomes, each with a limit.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LANGUAGES = ["kk", "ru", "uz", "uz-Cyrl", "ky", "tg"]
BROADCAST = {
    "kk": "Шетелге жұмысқа барасыз ба? Тегін кеңес: 11616, күні-түні.",
    "ru": "Едете работать за границу? Бесплатный совет: 11616, круглосуточно.",
    "uz": "Chet elga ishlashga ketyapsizmi? Bepul maslahat: 11616, kechayu kunduz.",
    "uz-Cyrl": "Чет элга ишлашга кетяпсизми? Бепул маслаҳат: 11616, кечаю кундуз.",
    "ky": "Чет өлкөгө иштегени барасызбы? Акысыз кеңеш: 11616, күнү-түнү.",
    "tg": "Ба хориҷа барои кор меравед? Маслиҳати ройгон: 11616, шабонарӯзӣ.",
}


def build_folder():
    return pathlib.Path(os.environ.get("SAFAR_BUILD", ROOT / "build")).resolve()


def with_us(*command):
    """The command line of a process that ends when this one does, however that ends: a test run that
    is cut off leaves no modem and no daemon behind, and nothing that holds its output open."""
    return ["setpriv", "--pdeathsig", "KILL", "--", *map(str, command)]


class Failure(AssertionError):
    pass


def until(what, check, limit=30.0):
    """Waits until check() is true, and gives its value back."""
    end = time.monotonic() + limit
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"not within {limit} s: {what}")
        time.sleep(0.01)


class World:
    """A private folder with simulated modems, a configuration and a daemon."""

    def __init__(self, modems=1, air_ms=0, dlr_ms=50, options=(), links=None, environment=None,
                 allow_draft="kk,ru,uz,uz-Cyrl,ky,tg", keys=True, extra="", moving_clock=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="safar-test-"))
        self.build = build_folder()
        self.config = self.folder / "safar.conf"
        self.data = self.folder / "data"
        self.log = self.folder / "safard.log"
        self.air = self.folder / "air"
        self.modems = modems
        self.daemon = None
        self.environment = dict(os.environ, **(environment or {}))
        if moving_clock:
            self.clock_goes_ahead()
            self.environment["SAFAR_CLOCK_FILE"] = str(self.folder / "clock")
        self.links = links if links is not None else {}
        self.allow_draft = allow_draft
        self.keys = keys
        self.extra = extra
        self.air.mkdir()
        self.simulator = subprocess.Popen(
            with_us(self.build / "modem-simulator", "--dir", self.air, "--modems", modems,
                    "--air-ms", air_ms, "--dlr-ms", dlr_ms, *options),
            stdout=subprocess.PIPE, text=True)
        if self.simulator.stdout.readline().strip() != "ready":
            raise Failure("the modem simulator did not start")
        self.write_config()

    # ---- configuration
    def write_config(self, changes=None):
        text = [f"[node]\nname = test\ndata = {self.data}\n",
                f"[content]\nmessages = {ROOT}/messages\nlocales = {ROOT}/locales\n"]
        if self.allow_draft:
            text.append(f"allow-draft = {self.allow_draft}\n")
        if self.keys:
            text.append(f"[keys]\nfile = {self.folder}/people.key\n")
        for i in range(self.modems):
            text.append(f"[link m{i}]\ntype = modem\ndevice = {self.air}/modem{i}\n"
                        f"connection = at115200\nprice = 15\n")
            for key, value in self.links.get(i, {}).items():
                text.append(f"{key} = {value}\n")
        text.append(self.extra)
        self.config.write_text("".join(text))

    # ---- the daemon
    def start(self, ready=True, environment=None):
        env = dict(self.environment, **(environment or {}))
        self.daemon = subprocess.Popen(with_us(self.build / "safard", "-c", self.config), env=env,
                                       stdout=subprocess.DEVNULL, stderr=open(self.log, "ab"))
        if not ready:
            return self
        try:
            until("all links are ready", lambda: self.links_are("ready"), 60)
        except Failure:  # perhaps before `with`, which would have ended what runs
            self.show_log()
            self.close()
            raise
        return self

    def show_log(self):
        if self.log.exists():
            print("".join(self.log.read_text().splitlines(True)[-25:]))

    def links_are(self, state):
        status = self.status(check=False)
        return status and all(link["state"] == state for link in status["links"]) and \
            len(status["links"]) == self.config.read_text().count("[link ")

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def stop(self, limit=60):
        if self.daemon is None or self.daemon.poll() is not None:
            return None
        self.daemon.send_signal(signal.SIGTERM)
        return self.daemon.wait(limit)

    def restart(self):
        self.stop()
        return self.start()

    # ---- the command line
    def safar(self, *args, code=0, text=None, limit=120):
        done = subprocess.run([self.build / "safar", "-c", self.config, *map(str, args)],
                              input=text, capture_output=True, text=True, timeout=limit,
                              env=self.environment,
                              **({} if text is not None else {"stdin": None}))
        if code is not None and done.returncode != code:
            raise Failure(f"safar {' '.join(map(str, args))}: exit {done.returncode}, "
                          f"not {code}\n{done.stdout}{done.stderr}")
        return done

    def status(self, check=True):
        done = self.safar("status", "--json", code=0 if check else None)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def outbox(self, *args):
        done = self.safar("outbox", "--json", *args)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def inbox(self):
        return [json.loads(line) for line in self.safar("inbox", "--json").stdout.splitlines()]

    def broadcast(self, people, texts=None, *args, code=0, fallback=("ru",)):
        """people: (number, language) pairs."""
        csv = self.folder / "people.csv"
        message = self.folder / "message.json"
        csv.write_text("phone,language\n" + "".join(f"{n},{l}\n" for n, l in people))
        message.write_text(json.dumps({"texts": texts or BROADCAST, "fallback": list(fallback)},
                                      ensure_ascii=False))
        done = self.safar("broadcast", "--csv", csv, "--message", message, "--consent",
                          "agreed on paper at the market", "--yes", "--override", "a test",
                          "--json", *args, code=code)
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else None

    # ---- the network and the phones
    def tell(self, *command, code=0):
        done = subprocess.run([self.build / "modem-simulator", "--dir", self.air, "--tell",
                               *map(str, command)], capture_output=True, text=True, timeout=120)
        if code is not None and done.returncode != code:
            raise Failure(f"simulator: {command}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def phone(self, number):
        return self.tell("phone", number)["messages"]

    def texts(self, number):
        return [m["text"] for m in self.phone(number) if m["complete"]]

    def wait_phone(self, number, count, limit=30):
        until(f"phone …{number[-2:]} has {count} messages",
              lambda: len(self.texts(number)) >= count, limit)
        return self.texts(number)

    def transcript(self):
        return [json.loads(line) for line in
                (self.air / "transcript.jsonl").read_text().splitlines()]

    def settled(self, limit=60):
        """Waits until nothing is queued or under way, and gives the counts."""
        def check():
            d = self.status()["deliveries"]
            return d if d["queued"] + d["claimed"] + d["submitting"] == 0 else None
        return until("the outbox is empty", check, limit)

    # ---- time, and which modem is where
    def clock_goes_ahead(self, wall_s=0, monotonic_s=0):
        """By so much in all since the start, for a world made with moving_clock; never back."""
        (self.folder / "clock").write_text(f"{wall_s * 1000} {monotonic_s * 1000}\n")

    def modems_change_places(self):
        """The first two: what a link's device leads to is the other modem, with its SIM."""
        one, two = self.air / "modem0", self.air / "modem1"
        a, b = os.readlink(one), os.readlink(two)
        for path, to in ((one, b), (two, a)):
            path.unlink()
            path.symlink_to(to)

    # ---- the end
    def close(self):
        code = self.stop()
        if self.simulator.poll() is None:
            self.simulator.terminate()
            self.simulator.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind is not None:
                self.show_log()
        finally:
            code = self.close()
        if kind is None and code not in (0, None):
            raise Failure(f"safard ended with {code}")


def notify_socket(folder):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    path = str(folder / "notify")
    sock.bind(path)
    sock.settimeout(20)
    return sock, path


def children(pid):
    """The processes that this one started."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = open(f"/proc/{entry}/stat").read()
            except OSError:
                continue
            if int(re.match(r"\d+ \(.*\) \S (\d+)", stat).group(1)) == pid:
                found.append(int(entry))
    return found
