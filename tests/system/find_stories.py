# SPDX-License-Identifier: GPL-3.0-or-later
"""Which modem is at which device: found by IMEI, wherever it was plugged in."""
import subprocess

from world import Failure, World, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _by_imei(w, imeis):
    """Each link is found by an IMEI, at any of the devices."""
    for i, imei in enumerate(imeis):
        w.links[i] = {"imei": imei}
    w.write_config()
    text = w.config.read_text()
    for i in range(w.modems):
        text = text.replace(f"device = {w.air}/modem{i}\n", f"device = {w.air}/modem*\n")
    w.config.write_text(text)


def _imei(w, i):
    return w.tell("sim", i)["imei"]


def each_link_finds_its_modem_again_when_the_devices_changed_places():
    with World(modems=2) as w:
        _by_imei(w, [_imei(w, 0), _imei(w, 1)])
        for turn in range(2):
            w.start()
            for i in range(2):
                asker = f"+7700000000{2 * turn + i}"
                w.tell("sms", i, asker, "помогите")
                w.wait_phone(asker, 1)
                _check(w.outbox()[0]["link"] == f"m{i}", f"turn {turn}: {w.outbox()[0]}")
            w.stop()
            w.modems_change_places()


def a_pattern_without_an_imei_is_a_fault_of_the_configuration():
    with World() as w:
        w.config.write_text(w.config.read_text().replace("modem0\n", "modem*\n"))
        done = subprocess.run([w.build / "safard", "-c", w.config, "--check"],
                              capture_output=True, text=True)
        _check(done.returncode == 2 and "imei" in done.stdout + done.stderr, done)


def what_a_link_reads_at_anothers_modem_counts_for_that_modems_sim():
    with World(modems=2, air_ms=2500, dlr_ms=0) as w:
        _by_imei(w, [_imei(w, 0), _imei(w, 1)])
        w.start()
        w.safar("send", "+77000000001", "hello")
        w.safar("send", "+77000000002", "hello")
        until("both are on the air", lambda: all(w.tell("sim", i)["on_air"] for i in range(2)))
        w.kill()
        w.modems_change_places()  # each link looks where its modem was, and finds the other's
        w.start()
        for number in ("+77000000001", "+77000000002"):
            _check(w.wait_phone(number, 1) == ["hello"], "a message is doubled")
        until("both are settled", lambda: w.status()["deliveries"]["delivered"] == 2, 20)
        _check("another modem is at this device" in w.log.read_text(), "nobody looked there")


def where_a_modem_was_is_known_after_a_restart():
    with World(modems=2) as w:
        _by_imei(w, [_imei(w, 1)])
        text = w.config.read_text()
        w.config.write_text(text[:text.index("[link m1]")])
        w.modems = 1
        w.start()
        before = w.log.read_text()
        _check("another modem is at this device" in before, "the first device was not tried first")
        w.tell("hang", 0, 3600000)
        w.restart()
        after = w.log.read_text()[len(before):]
        _check("another modem" not in after and "does not answer" not in after, after)


def of_two_links_that_want_one_modem_one_has_it():
    with World(modems=2) as w:
        _by_imei(w, [_imei(w, 1), _imei(w, 0)])  # the second looks for its modem everywhere,
        text = w.config.read_text().replace(f"imei = {_imei(w, 1)}\n", "")
        w.config.write_text(text.replace("/modem*", "/modem0", 1))  # the first takes any at one device
        w.start(ready=False)

        def states():
            links = (w.status(check=False) or {}).get("links") or []
            return sorted(link["state"] for link in links)
        until("one is ready, one is down", lambda: states() == ["down", "ready"])
        reason = next(link["reason"] for link in w.status()["links"] if link["state"] == "down")
        _check("IMEI" in reason or "holds" in reason, reason)
        for i in range(5):
            w.safar("send", f"+7700000000{i}", "hello")
        for i in range(5):
            w.wait_phone(f"+7700000000{i}", 1)
        _check("ready" in states(), "the one that looks for it took it away")
        senders = {e["from"] for e in w.transcript() if e["event"] == "submit"}
        _check(senders == {w.tell("sim", 0)["number"]}, "the other modem was used")
