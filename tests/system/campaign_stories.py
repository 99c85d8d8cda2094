# SPDX-License-Identifier: GPL-3.0-or-later
"""Campaigns from the draft to the last report: who lets them go, who stops them, who is written to."""
import datetime
import json
import os
import shutil
import subprocess

from world import BROADCAST, Failure, World, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _people(n, languages=("ru", "kk", "uz", "ky", "tg")):
    return [(f"+7701{i:07d}", languages[i % len(languages)]) for i in range(n)]


def _contacts(w, people):
    path = w.folder / "contacts.csv"
    path.write_text("phone,language\n" + "".join(f"{n},{l}\n" for n, l in people))
    w.safar("contacts", "import", path, "--date", "2026-05-12", "--channel", "paper",
            "--consent", "news of safe work abroad", "--yes", "--json")


def _campaign(w, *args, **more):
    done = w.safar("campaign", *args, "--json", **more)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _draft(w, name="spring", *options, texts=None):
    message = w.folder / "message.json"
    message.write_text(json.dumps({"texts": texts or BROADCAST, "fallback": ["ru"]}, ensure_ascii=False))
    _campaign(w, "new", name, "--segment", "{}", *options)
    _campaign(w, "texts", name, "--message", message)
    for language in texts or BROADCAST:
        _campaign(w, "texts", name, "--language", language, "--by", "Aigul")


def _go(w, name="spring", *options):
    """By one person, who says so: approval and hours have stories of their own."""
    _campaign(w, "submit", name)
    _campaign(w, "approve", name, "--override", "a test has one user")
    _campaign(w, "start", name, "--any-hour", "--override", "a test runs at night, too", *options)


def _show(w, name="spring"):
    return _campaign(w, "show", name)[0]


def _until_state(w, state, name="spring", limit=60):
    return until(f"{name} is {state}",
                 lambda: (lambda s: s if s["state"] == state else None)(_show(w, name)), limit)


def a_campaign_goes_from_the_draft_to_everybody_who_agreed():
    with World(modems=2) as w:
        w.start()
        people = _people(30)
        _contacts(w, people)
        _draft(w)
        preview = _campaign(w, "preview", "spring")[0]
        _check(preview["people"] == 30, preview)
        _check(preview["languages"]["ky"]["people"] == 6, preview)
        _go(w)
        shown = _until_state(w, "finished")
        _check(shown["people"] == 30 and shown["outcomes"]["sent"] == 30, shown)
        for number, language in people:
            _check(w.texts(number) == [BROADCAST[language]], (language, w.texts(number)))


def _as_other(w, *args, code=0):
    """As another user of the computer, whom [node] staff lets in; needs root. The tree may lie in a
    folder of root's alone, so that they run a copy."""
    own = w.folder / "safar"
    shutil.copy(w.build / "safar", own)
    done = subprocess.run([own, "-c", w.config, "campaign", *args, "--json"],
                          capture_output=True, text=True, user=65534, group=65534, extra_groups=[])
    _check(done.returncode == code, done.stdout + done.stderr)


def approval_takes_somebody_else_and_an_edit_takes_it_back():
    with World() as w:
        if os.getuid() == 0:
            w.config.write_text(w.config.read_text().replace("[node]\n", "[node]\nstaff = nogroup\n"))
            w.folder.chmod(0o711)
        w.start()
        _contacts(w, _people(3))
        _draft(w)
        _campaign(w, "approve", "spring", code=3)  # nobody submitted it
        _campaign(w, "submit", "spring")
        _campaign(w, "start", "spring", "--any-hour", "--override", "a test", code=3)
        _campaign(w, "approve", "spring", code=3)  # by the one who submitted it
        if os.getuid() == 0:
            _as_other(w, "approve", "spring")
        else:
            _campaign(w, "approve", "spring", "--override", "alone here")
        _check(_show(w)["state"] == "approved", _show(w))
        _campaign(w, "set", "spring", "--rate", "36000")
        _check(_show(w)["state"] == "draft" and _show(w)["approved_by"] is None, _show(w))
        _campaign(w, "start", "spring", "--any-hour", "--override", "a test", code=3)
        _go(w)
        _until_state(w, "finished")


def a_pause_holds_from_the_next_part_on_and_what_is_left_goes_after_resume():
    with World(air_ms=40, dlr_ms=0) as w:
        w.start()
        people = _people(60)
        _contacts(w, people)
        _draft(w, texts={"ru": BROADCAST["ru"]})
        _go(w)
        until("some are sent", lambda: _show(w)["outcomes"]["sent"] >= 5)
        _campaign(w, "pause", "spring", "--why", "a doubt")
        sent = w.tell("count")["messages"]
        w.safar("send", "+77079999999", "after the pause")  # what comes after it has gone by
        w.wait_phone("+77079999999", 1)
        _check(w.tell("count")["messages"] <= sent + 2, (sent, w.tell("count")))
        _check(_show(w)["reason"] == "a doubt", _show(w))
        _check(w.status()["campaigns"]["paused"] == 1, w.status())
        _campaign(w, "resume", "spring")
        _until_state(w, "finished")
        for number, _ in people:
            _check(len(w.texts(number)) == 1, number)


def a_stopped_campaign_writes_to_nobody_else():
    with World(air_ms=40, dlr_ms=0) as w:
        w.start()
        _contacts(w, _people(60))
        _draft(w, texts={"ru": BROADCAST["ru"]})
        _go(w)
        until("some are sent", lambda: _show(w)["outcomes"]["sent"] >= 5)
        _campaign(w, "stop", "spring", "--why", "wrong text")
        shown = until("the rest is cancelled", lambda: (lambda s: s if s["waiting"] == 0 else None)(_show(w)))
        _check(shown["outcomes"]["cancelled"] > 20, shown)
        _campaign(w, "resume", "spring", code=3)
        w.settled()
        _check(w.tell("count")["messages"] == shown["people"] - shown["outcomes"]["cancelled"],
               (w.tell("count"), shown))


def stop_all_leaves_answers_alone():
    with World(air_ms=40, dlr_ms=0) as w:
        w.start()
        _contacts(w, _people(40))
        _draft(w, texts={"ru": BROADCAST["ru"]})
        _go(w)
        until("some are sent", lambda: _show(w)["outcomes"]["sent"] >= 3)
        w.safar("stop-all", "--why", "an emergency")
        before = w.tell("count")["messages"]
        w.tell("sms", "0", "+77051112233", "помогите")
        w.wait_phone("+77051112233", 1)
        _check(w.tell("count")["messages"] <= before + 3, (before, w.tell("count")))
        _check(_show(w)["state"] == "running", _show(w))
        w.restart()
        _check(_show(w)["outcomes"]["sent"] < 40, "a restart went on")
        w.safar("go-on")
        _until_state(w, "finished")


def _at(weekday_hour_minute, tz_hours):
    """Seconds from now to the next such time: (weekday from 0 Monday, hour, minute) there."""
    weekday, hour, minute = weekday_hour_minute
    there = datetime.timezone(datetime.timedelta(hours=tz_hours))
    now = datetime.datetime.now(there)
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    at += datetime.timedelta(days=(weekday - at.weekday()) % 7)
    if at <= now:
        at += datetime.timedelta(days=7)
    return int((at - now).total_seconds())


def _reached(w, people):
    return sum(len(w.texts(n)) for n, _ in people)


def nobody_is_written_to_after_the_end_of_sending_hours_where_they_live():
    kyrgyz = [(f"+996555{i:06d}", "ky") for i in range(25)]  # UTC+6: an hour ahead of Almaty
    kazakh = [(f"+7701{i:07d}", "kk") for i in range(40)]
    evening = _at((1, 20, 58), 6)
    with World(air_ms=60, dlr_ms=0, moving_clock=True) as w:
        w.clock_goes_ahead(evening)
        w.start()
        _contacts(w, kyrgyz + kazakh)
        _draft(w)
        _campaign(w, "submit", "spring")
        _campaign(w, "approve", "spring", "--override", "a test has one user")
        _campaign(w, "start", "spring")
        until("some Kyrgyz numbers are reached", lambda: _reached(w, kyrgyz) >= 3)
        w.clock_goes_ahead(evening + 180)
        w.safar("send", "+77079999999", "after the end")  # what was on the air has gone by
        w.wait_phone("+77079999999", 1)
        before = _reached(w, kyrgyz)
        _check(before < len(kyrgyz), "all were reached before the end: the story says nothing")
        until("all Kazakh numbers are reached", lambda: _reached(w, kazakh) == len(kazakh), 60)
        _check(_reached(w, kyrgyz) == before, (before, _reached(w, kyrgyz)))
        w.clock_goes_ahead(evening + 11 * 3600)  # 07:58 in Bishkek
        until("the clerk has looked", lambda: _show(w)["waiting"] == len(kyrgyz) - before)
        w.safar("send", "+77079999998", "in the night")
        w.wait_phone("+77079999998", 1)
        _check(_reached(w, kyrgyz) == before, "some were written to in the night")
        w.clock_goes_ahead(evening + 12 * 3600 + 300)  # 09:03
        shown = _until_state(w, "finished")
        _check(_reached(w, kyrgyz) == len(kyrgyz), shown)
        for number, _ in kyrgyz + kazakh:
            _check(len(w.texts(number)) == 1, number)


def a_campaign_starts_at_its_time_and_not_before():
    morning = _at((2, 10, 0), 5)
    with World(moving_clock=True) as w:
        w.clock_goes_ahead(morning)
        w.start()
        _contacts(w, _people(5))
        at = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=5))) + \
            datetime.timedelta(seconds=morning + 7200)
        _draft(w, "spring", "--at", at.strftime("%Y-%m-%d %H:%M"))
        _campaign(w, "submit", "spring")
        _campaign(w, "approve", "spring", "--override", "a test has one user")
        _campaign(w, "start", "spring")
        _check(_show(w)["state"] == "scheduled", _show(w))
        w.restart()
        _check(_show(w)["state"] == "scheduled" and w.tell("count")["messages"] == 0, _show(w))
        w.clock_goes_ahead(morning + 7300)
        _until_state(w, "finished")
        _check(w.tell("count")["messages"] == 5, w.tell("count"))


def a_campaign_stands_where_it_stood_after_a_crash_in_any_state():
    with World(air_ms=30, dlr_ms=0) as w:
        w.start()
        people = _people(60)
        _contacts(w, people)
        _draft(w, texts={"ru": BROADCAST["ru"]})

        def crash_leaves(state):
            w.kill()
            w.start()
            _check(_show(w)["state"] == state, (state, _show(w)))
        crash_leaves("draft")
        _campaign(w, "submit", "spring")
        crash_leaves("in_review")
        _campaign(w, "approve", "spring", "--override", "a test has one user")
        crash_leaves("approved")
        _campaign(w, "start", "spring", "--any-hour", "--override", "a test")
        until("some are sent", lambda: _show(w)["outcomes"]["sent"] >= 5)
        crash_leaves("running")
        until("more are sent", lambda: _show(w)["outcomes"]["sent"] >= 10)
        _campaign(w, "pause", "spring")
        crash_leaves("paused")
        sent = w.tell("count")["messages"]
        w.safar("send", "+77079999999", "after the pause")
        w.wait_phone("+77079999999", 1)
        _check(w.tell("count")["messages"] <= sent + 2, "a restart went on with what is paused")
        _campaign(w, "resume", "spring")
        shown = _until_state(w, "finished")
        missing = [n for n, _ in people if len(w.texts(n)) != 1]
        _check(len(missing) <= shown["outcomes"]["in_doubt"], (missing, shown))
        _check(all(len(w.texts(n)) <= 1 for n in missing), "one got it twice")


def a_crash_while_the_audience_is_expanded_doubles_nobody():
    for point in ("campaign-turn:1", "campaign-turn:2", "campaign-turn:4"):
        with World(modems=2, dlr_ms=0) as w:
            w.start(environment={"SAFAR_CRASH_AT": point})
            people = _people(1300)
            _contacts(w, people)
            _draft(w, texts={"ru": BROADCAST["ru"]})
            _campaign(w, "submit", "spring")
            _campaign(w, "approve", "spring", "--override", "a test has one user")
            _campaign(w, "start", "spring", "--any-hour", "--override", "a test", code=None)
            until("safard dies", lambda: w.daemon.poll() is not None)
            w.start()
            shown = _until_state(w, "finished", limit=90)
            _check(shown["people"] == len(people), shown)
            count = w.tell("count")["messages"]
            _check(len(people) - shown["outcomes"]["in_doubt"] <= count <= len(people), (count, shown))


def who_said_stop_and_who_got_this_text_before_is_left_out():
    with World(dlr_ms=0) as w:
        w.start()
        people = _people(4, languages=("ru",))
        _contacts(w, people)
        w.tell("sms", 0, people[0][0], "стоп")
        w.wait_phone(people[0][0], 1)
        _draft(w)
        _go(w)
        shown = _until_state(w, "finished")
        _check(shown["people"] == 3 and len(w.texts(people[0][0])) == 1, shown)
        _draft(w, "again")
        _go(w, "again")
        _check(_until_state(w, "finished", "again")["people"] == 0, _show(w, "again"))
        _draft(w, "once more", "--again-after", "0")
        _go(w, "once more")
        _check(_until_state(w, "finished", "once more")["people"] == 3, _show(w, "once more"))


def who_asks_for_help_while_a_campaign_waits_for_its_hours_gets_nothing_of_it():
    night = _at((1, 23, 0), 5)
    with World(dlr_ms=0, moving_clock=True) as w:
        w.clock_goes_ahead(night)
        w.start()
        people = _people(3, languages=("ru",))
        _contacts(w, people)
        _draft(w)
        _campaign(w, "submit", "spring")
        _campaign(w, "approve", "spring", "--override", "a test has one user")
        _campaign(w, "start", "spring")
        until("all wait for the morning", lambda: _show(w)["waiting"] == 3)
        w.tell("sms-at", 0, people[0][0], -night, "помогите")  # by the moved clock
        w.wait_phone(people[0][0], 1)
        w.clock_goes_ahead(night + 11 * 3600)
        shown = _until_state(w, "finished")
        _check(shown["outcomes"]["sent"] == 2 and shown["outcomes"]["cancelled"] == 1, shown)
        _check(all(t != BROADCAST["ru"] for t in w.texts(people[0][0])), w.texts(people[0][0]))


def a_file_is_applied_again_without_harm():
    with World(dlr_ms=0) as w:
        w.start()
        _contacts(w, _people(3))
        path = w.folder / "spring.json"
        path.write_text(json.dumps({"name": "spring", "texts": BROADCAST, "audience": {},
                                    "fallback": ["ru"], "rate": 36000}, ensure_ascii=False))
        _check(_campaign(w, "apply", path)[0]["changed"], "nothing was made")
        for language in BROADCAST:
            _campaign(w, "texts", "spring", "--language", language, "--by", "Aigul")
        _campaign(w, "submit", "spring")
        _check(not _campaign(w, "apply", path)[0]["changed"], "the same file is an edit")
        _check(_show(w)["state"] == "in_review", _show(w))
        _campaign(w, "approve", "spring", "--override", "a test has one user")
        _campaign(w, "start", "spring", "--any-hour", "--override", "a test")
        _check(not _campaign(w, "apply", path)[0]["changed"], "the same file is an edit")
        _until_state(w, "finished")
        path.write_text(path.read_text().replace("36000", "1"))
        _campaign(w, "apply", path, code=3)  # it is over
        path.write_text('{"name":"x","colour":"red"}')
        _campaign(w, "apply", path, code=2)


def a_campaign_that_costs_more_than_its_ceiling_pauses_before_it_does():
    with World(dlr_ms=0) as w:
        w.start()
        _contacts(w, _people(10, languages=("ru",)))
        _draft(w, "spring", "--ceiling", "90", texts={"ru": "Бесплатно: 11616"})  # 15 a part
        preview = _campaign(w, "preview", "spring")[0]
        _check("ceiling" in [b["what"] for b in preview["blockers"]], preview)
        _campaign(w, "submit", "spring")
        _campaign(w, "approve", "spring", "--override", "a test has one user")
        _campaign(w, "start", "spring", code=3)
        _campaign(w, "start", "spring", "--any-hour", "--override", "as far as it goes")
        shown = _until_state(w, "paused")
        _check(shown["people"] == 6 and "ceiling" in shown["reason"], shown)


def a_months_ceiling_holds_for_all_campaigns_together():
    with World(dlr_ms=0) as w:
        w.config.write_text(w.config.read_text().replace("[node]\n", "[node]\nmonth-ceiling = 150\n"))
        w.start()
        _contacts(w, _people(6, languages=("ru",)))
        _draft(w, texts={"ru": "Бесплатно: 11616"})  # 15 a part: 90 in all
        _go(w)
        _until_state(w, "finished")
        _draft(w, "summer", texts={"ru": "Бесплатно: 116 16"})
        _go(w, "summer")
        shown = _until_state(w, "paused", "summer")
        _check(shown["people"] == 4 and "month" in shown["reason"], shown)


def what_stands_in_the_way_is_told_before():
    with World(dlr_ms=0) as w:
        w.start()
        _campaign(w, "new", "spring")
        told = [b["what"] for b in _campaign(w, "preview", "spring")[0]["blockers"]]
        _check("no_texts" in told and "no_audience" in told, told)
        _campaign(w, "submit", "spring", code=3)
        _contacts(w, _people(2, languages=("ru",)))
        message = w.folder / "message.json"
        message.write_text(json.dumps({"texts": {"ru": "Звоните: +7XXX"}}, ensure_ascii=False))
        _campaign(w, "texts", "spring", "--message", message)
        _campaign(w, "audience", "spring", "--segment", '{"country":["KZ"]}')
        preview = _campaign(w, "preview", "spring")[0]
        told = [b["what"] for b in preview["blockers"]]
        _check("unreviewed" in told and "placeholder" in told, told)
        _check(preview["languages"]["ru"]["ucs2_letter"] == "З", preview)
        _campaign(w, "submit", "spring")
        _campaign(w, "approve", "spring", code=3)


def a_campaign_pauses_itself_when_too_much_fails():
    with World(air_ms=50, dlr_ms=20) as w:
        w.start()
        people = _people(200, languages=("ru",))
        for number, _ in people:
            w.tell("phone-state", number, "gone")
        _contacts(w, people)
        _draft(w, texts={"ru": "Бесплатно: 11616"})
        _go(w)
        shown = _until_state(w, "paused")
        _check("failures" in shown["reason"] and shown["outcomes"]["undelivered"] >= 10, shown)
        _check(shown["waiting"] > 0, "it was over before it paused: the story says nothing")


def a_campaign_pauses_itself_when_too_many_say_stop():
    with World(air_ms=50, dlr_ms=0) as w:
        w.start()
        people = _people(200, languages=("ru",))
        _contacts(w, people)
        _draft(w, texts={"ru": "Бесплатно: 11616"})
        _go(w)
        until("some are sent", lambda: _show(w)["outcomes"]["sent"] >= 10)
        for number in [n for n, _ in people if w.texts(n)][:8]:
            w.tell("sms", 0, number, "стоп")
        shown = _until_state(w, "paused")
        _check("STOP" in shown["reason"] and shown["outcomes"]["opted_out"] >= 5, shown)
