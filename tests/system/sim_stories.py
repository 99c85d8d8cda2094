# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to a SIM and not to a link: its cap, its balance, its references, who was asked by it."""
from world import ROOT, Failure, World, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _numbers(count):
    return [f"+7700000{i:04d}" for i in range(count)]


def _senders(w):
    """Which SIM (0, 1) sent to which number."""
    sims = {w.tell("sim", i)["number"]: i for i in range(w.modems)}
    return {e["to"]: sims[e["from"]] for e in w.transcript() if e["event"] == "submit"}


def a_cap_goes_with_its_sim_to_another_link():
    with World(modems=2, links={0: {"daily-cap": "3"}, 1: {"daily-cap": "3"}}) as w:
        w.tell("unplug", 1)
        w.start(ready=False)
        until("the first is ready", lambda: w.status(check=False) and
              w.status()["links"][0]["state"] == "ready")
        w.broadcast([(n, "ru") for n in _numbers(9)])
        until("its cap is reached", lambda: w.status()["parts"]["sent"] == 3)
        w.stop()
        w.tell("plug", 1)
        w.modems_change_places()
        w.start()
        until("the other SIM sends", lambda: w.status()["parts"]["sent"] == 6)
        w.safar("send", "+77000009999", "hello")  # whoever sends this has sent all it may
        w.wait_phone("+77000009999", 1)
        _check(w.status()["deliveries"]["queued"] == 3, w.status()["deliveries"])
        by = list(_senders(w).items())
        _check(sorted(sim for n, sim in by if n in _numbers(9)) == [0, 0, 0, 1, 1, 1], by)
        links = [row["link"] for row in w.outbox() if row["lane"] == "campaign" and row["link"]]
        _check(links == ["m0"] * 6, links)


def a_balance_goes_with_its_sim_to_another_link():
    links = {i: {"balance": "*100#"} for i in range(2)}
    with World(modems=2, links=links) as w:
        for i in range(2):
            w.tell("ussd", i, "plain", 0, f"Balance {i + 1}00.00")
        w.start()

        def balances():
            return [(link["balance"] or {}).get("amount") for link in w.status()["links"]]
        until("both are known", lambda: None not in balances())
        before = balances()
        asked = sum(e["event"] == "ussd" for e in w.transcript())
        w.stop()
        w.modems_change_places()
        w.start()
        until("each link shows the other SIM's", lambda: balances() == before[::-1])
        _check(sum(e["event"] == "ussd" for e in w.transcript()) == asked, "it was asked again")


def a_report_finds_its_part_though_the_sim_is_at_another_link():
    with World(modems=2) as w:
        w.tell("phone-state", "+77000000001", "off")
        w.tell("phone-state", "+77000000002", "off")
        w.start()
        w.safar("send", "+77000000001", "hello")
        w.safar("send", "+77000000002", "hello")
        until("both are accepted", lambda: w.status()["deliveries"]["accepted"] == 2)
        w.stop()
        w.modems_change_places()
        w.start()
        w.tell("phone-state", "+77000000001", "on")
        until("one is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)
        w.tell("phone-state", "+77000000002", "on")
        until("both are delivered", lambda: w.status()["deliveries"]["delivered"] == 2)


def reports_that_lie_on_a_sim_count_though_it_is_at_another_link():
    stores = ROOT / "tests" / "dialogues" / "stores-reports.txt"
    with World(modems=2, options=["--play", stores]) as w:
        numbers = _numbers(12)
        for number in numbers:
            w.tell("phone-state", number, "off")
        w.start()
        for number in numbers:
            w.safar("send", number, "hello")
        until("all are accepted", lambda: w.status()["deliveries"]["accepted"] == len(numbers))
        by_first = [n for n, sim in _senders(w).items() if sim == 0]
        _check(by_first, "the SIM that keeps reports sent nothing")
        w.stop()
        for number in by_first:
            w.tell("phone-state", number, "on")
        until("they lie there", lambda: w.tell("sim", 0)["used"] >= len(by_first))
        w.modems_change_places()
        w.start()
        until("they count", lambda: w.status()["deliveries"]["delivered"] == len(by_first))
        until("the SIM is empty", lambda: w.tell("sim", 0)["used"] == 0)


def an_answer_leaves_by_the_sim_that_was_asked_whatever_its_link():
    with World(modems=2).start() as w:
        w.tell("next-error", 0, "CMS", 38, 1000)
        w.tell("sms", 0, "+77000000001", "помогите")
        until("the answer waits", lambda: "+CMS ERROR 38" in w.log.read_text())
        w.stop()
        w.tell("next-error", 0, "CMS", 38, 0)
        w.modems_change_places()
        w.start()
        w.wait_phone("+77000000001", 1)
        _check(_senders(w) == {"+77000000001": 0}, _senders(w))
        _check(w.outbox()[0]["link"] == "m1", w.outbox()[0])


def after_two_minutes_without_its_sim_an_answer_leaves_by_another():
    with World(modems=2, moving_clock=True).start() as w:
        w.tell("next-error", 0, "CMS", 38, 1000)
        w.tell("sms", 0, "+77000000001", "помогите")
        until("the answer waits", lambda: "+CMS ERROR 38" in w.log.read_text())
        w.tell("unplug", 0)
        until("its SIM is away", lambda: w.status()["links"][0]["state"] == "down")
        w.clock_goes_ahead(wall_s=90)
        w.safar("send", "+77000000002", "hello")
        w.wait_phone("+77000000002", 1)
        _check(not w.phone("+77000000001"), "it did not wait for the SIM that was asked")
        w.clock_goes_ahead(wall_s=240)
        _check(len(w.wait_phone("+77000000001", 1)) == 1, "answers")
        _check(_senders(w)["+77000000001"] == 1, _senders(w))


def another_modem_takes_over_what_a_broken_one_had_queued():
    with World(modems=2, air_ms=100).start() as w:
        numbers = _numbers(40)
        w.broadcast([(n, "ru") for n in numbers])
        until("both send", lambda: w.tell("count")["submitted"] >= 6)
        w.tell("unplug", 0)  # for good
        counts = w.settled(30)
        got = [len(w.texts(n)) for n in numbers]
        _check(max(got) == 1 and got.count(0) <= counts["in_doubt"] <= 1, f"{got}, {counts}")
        _check(list(_senders(w).values()).count(1) > 20, "the other did not send the rest")
