# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks waits for the part on the air, never for the broadcast behind it."""
from world import BROADCAST, Failure, World, until

ASKER = "+77000000099"
PEOPLE = [(f"+770000{i:05d}", "ru") for i in range(30)]


def _parts_begun(w):
    return [e["octet_us"] for e in w.transcript() if e["event"] == "cmgs"]


def _next_part_goes_to_the_asker(w, asked):
    """Asks while a part is on the air; the part behind it must be the answer."""
    w.broadcast(PEOPLE, {"ru": BROADCAST["ru"]})
    begun = until("two parts have begun", lambda: len(_parts_begun(w)) >= 2 and _parts_begun(w))
    asked(w)
    w.wait_phone(ASKER, 1)
    events = w.transcript()
    on_air = sum(1 for e in events if e["event"] == "cmgs" and e["octet_us"] <= begun[-1])
    parts = [e["to"] for e in events if e["event"] == "submit"]
    if parts.index(ASKER) != on_air:
        raise Failure(f"{on_air} parts had begun, the answer was number {parts.index(ASKER) + 1}")


def a_question_during_a_broadcast_waits_for_the_part_on_the_air_only():
    with World(air_ms=600).start() as w:
        _next_part_goes_to_the_asker(w, lambda w: w.tell("sms", 0, ASKER, "помогите"))


def a_missed_call_during_a_broadcast_waits_for_the_part_on_the_air_only():
    with World(air_ms=600).start() as w:
        _next_part_goes_to_the_asker(w, lambda w: w.tell("call", 0, ASKER))


def a_broadcast_goes_on_after_a_text_that_gets_no_answer():
    with World(air_ms=300).start() as w:
        w.broadcast(PEOPLE[:8], {"ru": BROADCAST["ru"]})
        until("a part has begun", lambda: len(_parts_begun(w)) >= 1)
        w.tell("sms", 0, "Beeline", "Новый тариф!")  # nobody to answer
        done = w.settled()
        if done["queued"] != 0 or w.tell("count")["submitted"] != 8:
            raise Failure(f"not all parts went: {done}")
        times = [e["octet_us"] for e in w.transcript() if e["event"] == "cmgs"]
        waits = [b - a for a, b in zip(times, times[1:])]
        if max(waits) > 700000:  # the next turn of the clock would be a second later
            raise Failure(f"the broadcast stood still: {waits}")
