# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes in: parts in any order, doubled, mixed, missing; equal texts; old ones; a full SIM."""
import itertools
import json
import time

import pdus
from world import ROOT, Failure, World, until

PARTS = ["Здравствуйте, я давно тут, ", "мне очень плохо. Помо", "гите мне пожалуйста"]
SLOTS = 20
MINUTE_MS = 60000


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _number(i):
    return f"+7700777{i:04d}"


def _bring(w, pdu_list):
    for pdu in pdu_list:
        until("a slot is free", lambda: len(w.tell("sim", 0)["storage"]) < SLOTS)
        w.tell("sms-pdu", 0, pdu)


def _received(w, count):
    until(f"{count} messages are received", lambda: w.status()["inbox"]["received"] >= count)
    until("the SIM is empty", lambda: not any(w.tell("sim", 0)["storage"]))
    w.settled()


def _inbox(w):
    return w.status()["inbox"]


def _ru(key):
    return json.loads((ROOT / "locales" / "ru.json").read_text())["texts"][key]["text"]


def _is(answer, key):
    """By the words before its first argument."""
    return answer.startswith(_ru(key).split("{")[0]) and answer != ""


def three_parts_in_every_order_by_either_reference_are_one_question():
    with World().start() as w:
        count = 0
        for bits, ref in ((8, 200), (16, 51200)):
            for order in itertools.permutations(range(3)):
                parts = pdus.in_parts(_number(count), PARTS, ref, bits)
                _bring(w, [parts[i] for i in order])
                count += 1
        for i in range(count):
            _check("11616" in w.wait_phone(_number(i), 1)[0], w.texts(_number(i)))
        _received(w, count)
        _check(_inbox(w) == {"received": count, "answered": count, "partial": 0}, _inbox(w))
        _check(all(row["intent"] == "health" for row in w.inbox()), w.inbox())
        _check(all(len(w.texts(_number(i))) == 1 for i in range(count)), "answered twice")


def doubled_parts_are_one_part():
    with World().start() as w:
        first, second, third = pdus.in_parts(_number(1), PARTS, 7)
        _bring(w, [second, second, first, second, first])
        until("nothing is on the SIM", lambda: not any(w.tell("sim", 0)["storage"]))
        _bring(w, [first, third, third])
        w.wait_phone(_number(1), 1)
        _received(w, 1)
        _bring(w, [second])  # and once more, when all was over
        # the same part as the phone sends it again when the network was silent: another SMSC time
        _bring(w, [pdus.deliver(_number(1), PARTS[0], 7, 3, 1, at=time.time() + 30)])
        until("nothing is on the SIM", lambda: not any(w.tell("sim", 0)["storage"]))
        w.settled()
        _check(_inbox(w) == {"received": 1, "answered": 1, "partial": 0}, _inbox(w))
        _check(len(w.texts(_number(1))) == 1, w.texts(_number(1)))


def two_senders_with_one_reference_are_two_questions():
    with World().start() as w:
        one = pdus.in_parts(_number(1), PARTS, 99)
        two = pdus.in_parts(_number(2), ["Приют ", "далеко", " отсюда?"], 99)
        _bring(w, [two[2], one[0], two[0], one[2], one[1], two[1]])
        for i in (1, 2):
            w.wait_phone(_number(i), 1)
        _received(w, 2)
        _check(sorted(row["intent"] for row in w.inbox()) == ["health", "shelter"], w.inbox())


def one_part_missing_for_good_is_answered_without_it_and_only_once():
    shift = {"SAFAR_CLOCK_SHIFT_MS": str(3 * MINUTE_MS)}
    with World() as w:
        w.config.write_text(w.config.read_text().replace("[node]\n", "[node]\npartial-after = 1\n"))
        w.start()
        first, second, third = pdus.in_parts(_number(1), ["помогите", " и ", "мне"], 31)
        _bring(w, [third, first])
        until("both are taken", lambda: not any(w.tell("sim", 0)["storage"]))
        _check(_inbox(w) == {"received": 0, "answered": 0, "partial": 1}, _inbox(w))
        w.kill()
        w.start(environment=shift)
        _check("11616" in w.wait_phone(_number(1), 1)[0], w.texts(_number(1)))
        _received(w, 1)
        _check(_inbox(w) == {"received": 1, "answered": 1, "partial": 1}, _inbox(w))
        _check(w.inbox()[0]["intent"] == "hotline", w.inbox())  # "помогитемне" would be no word
        _bring(w, [second])
        until("the late part is taken", lambda: not any(w.tell("sim", 0)["storage"]))
        w.stop()
        w.start(environment={"SAFAR_CLOCK_SHIFT_MS": str(9 * MINUTE_MS)})
        w.tell("sms", 0, _number(2), "помогите")  # when this is answered, the clerk has looked
        w.wait_phone(_number(2), 1)
        _received(w, 2)
        _check(len(w.texts(_number(1))) == 1, "a second answer for the late part")
        _check(_inbox(w)["partial"] == 1, _inbox(w))


def two_equal_texts_at_once_are_two_questions():
    with World() as w:
        same = pdus.deliver(_number(1), "помогите")
        _bring(w, [same, same])  # both lie on the SIM
        w.start()
        w.wait_phone(_number(1), 2)
        _received(w, 2)
        _bring(w, [same])  # within the same second, when the others are gone
        w.wait_phone(_number(1), 3)
        _received(w, 3)
        _check(len(w.texts(_number(1))) == 3, w.texts(_number(1)))


def two_equal_texts_are_two_questions_over_a_crash_before_they_are_deleted():
    with World() as w:
        same = pdus.deliver(_number(1), "помогите")
        _bring(w, [same, same])
        w.start(ready=False, environment={"SAFAR_CRASH_AT": "before-delete-frame:1"})
        until("safard dies", lambda: w.daemon.poll() is not None, 20)
        w.start()
        _received(w, 2)
        rows = [row for row in w.outbox() if row["lane"] == "answer"]
        _check(len(rows) == 2, rows)
        copies = 2 + sum(row["resent"] for row in rows)
        _check(2 <= len(w.wait_phone(_number(1), 2)) <= copies, f"{w.texts(_number(1))}, {rows}")


def old_questions_in_parts_are_judged_by_their_newest_part():
    hour = 3600
    now = time.time()
    with World() as w:
        ages = {1: (hour, 60), 2: (26 * hour, hour), 3: (27 * hour, 26 * hour)}
        for i, (old, newer) in ages.items():
            _bring(w, [pdus.deliver(_number(i), "помогите", i, 2, 1, at=now - old),
                       pdus.deliver(_number(i), " мне", i, 2, 2, at=now - newer)])
        w.start()
        _received(w, 3)
        _check(_is(w.wait_phone(_number(1), 1)[0], "topic.hotline.body"), w.texts(_number(1)))
        _check(_is(w.wait_phone(_number(2), 1)[0], "answer.late"), w.texts(_number(2)))
        _check(w.texts(_number(3)) == [], "a question of yesterday was answered")


def a_full_sim_empties_itself_and_all_are_answered():
    with World().start() as w:
        w.stop()
        more = 5  # that the network keeps until there is room
        for i in range(SLOTS + more):
            w.tell("sms", 0, _number(i), "помогите")
        sim = w.tell("sim", 0)
        _check(sim["used"] == SLOTS and sim["waiting"] == more, sim)
        w.start()
        for i in range(SLOTS + more):
            w.wait_phone(_number(i), 1)
        _received(w, SLOTS + more)
        _check(_inbox(w)["answered"] == SLOTS + more, _inbox(w))
        _check(all(len(w.texts(_number(i))) == 1 for i in range(SLOTS + more)), "answered twice")


def a_machine_that_answers_each_answer_is_left_alone_after_six_and_a_last_line():
    with World().start() as w:
        number = _number(1)
        w.tell("sms", 0, number, "Автоответ: перезвоню позже")
        for i in range(1, 8):
            answer = w.wait_phone(number, i)[i - 1]
            w.tell("sms", 0, number, answer[:60].replace("\n", " "))
        _received(w, 8)
        _check(len(w.texts(number)) == 7, w.texts(number))  # the seventh is the last line
        _check(w.inbox()[0]["state"] == "silent", w.inbox()[0])
        w.tell("sms", 0, _number(2), "помогите")
        w.wait_phone(_number(2), 1)
