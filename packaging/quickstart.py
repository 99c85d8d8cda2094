#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows Safar's main job on simulated modems: a broadcast, questions, a missed call.

Called by ./quickstart. With --once it ends by itself: 0, or 1 with the reason.
"""
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "system"))
from world import BROADCAST, LANGUAGES, Failure, World, until  # noqa: E402

NAMES = {"kk": "Kazakh", "ru": "Russian", "uz": "Uzbek", "uz-Cyrl": "Uzbek, Cyrillic",
         "ky": "Kyrgyz", "tg": "Tajik"}
QUESTIONS = {"kk": "Көмек керек", "ru": "помогите", "uz": "yordam kerak", "uz-Cyrl": "ёрдам керак",
             "ky": "жардам керек", "tg": "ёрӣ лозим"}
PEOPLE = [("+77000000001", "kk"), ("+77000000002", "kk"), ("+77000000003", "ru"),
          ("+79000000004", "ru"), ("+998900000005", "uz"), ("+77000000006", "uz"),
          ("+998900000007", "uz-Cyrl"), ("+77000000008", "uz-Cyrl"), ("+996700000009", "ky"),
          ("+77000000010", "ky"), ("+992900000011", "tg"), ("+77000000012", "tg")]
CALLER = "+77000000021"


def say(line=""):
    print(line, flush=True)


def show(number, language, messages, asked=None):
    say(f"  {number}  {NAMES.get(language, '')}")
    if asked:
        say(f"    » {asked}")
    for text in messages:
        first, *rest = text.split("\n")
        say(f"    « {first}")
        for line in rest:
            say(f"      {line}")


def run(world):
    began = time.monotonic()
    world.start()
    status = world.status()
    for link in status["links"]:
        say(f"  {link['name']}: {link['state']}, {link['operator']}, signal {link['signal']} %")

    say("\nA broadcast in six texts to twelve phones")
    world.broadcast(PEOPLE, None, "--wait")
    for number, language in PEOPLE:
        texts = world.wait_phone(number, 1)
        if texts != [BROADCAST[language]]:
            raise Failure(f"a phone in {NAMES[language]} shows something else")
        show(number, language, texts)

    say("\nA question by SMS in each language")
    for language in LANGUAGES:
        number = next(n for n, l in PEOPLE if l == language)
        world.tell("sms", 0, number, QUESTIONS[language])
    for language in LANGUAGES:  # who writes from abroad gets a second one: what to dial there
        number = next(n for n, l in PEOPLE if l == language)
        answer = world.wait_phone(number, 2 if number.startswith("+77") else 3)[1:]
        if "11616" not in answer[0] and "112" not in answer[0]:
            raise Failure(f"the answer in {NAMES[language]} names no number to call")
        show(number, language, answer, QUESTIONS[language])

    say("\nA missed call: hung up at once, answered by one SMS")
    world.tell("call", 1, CALLER)
    show(CALLER, "", world.wait_phone(CALLER, 1), "(rings)")

    def reported():
        now = world.status()
        return now if now["deliveries"]["delivered"] == sum(now["deliveries"].values()) else None
    status = until("every message is reported as delivered", reported, 20)
    delivered = status["deliveries"]["delivered"]
    say(f"\nSent {status['parts']['sent']} parts, delivered {delivered} of {delivered} messages "
        f"({status['parts']['delivered']} parts), {delivered - len(PEOPLE)} answers, "
        f"{time.monotonic() - began:.1f} seconds.")


def main():
    once = "--once" in sys.argv[1:]
    ends = {signal.SIGINT, signal.SIGTERM}
    try:
        with World(modems=2, air_ms=150, dlr_ms=100) as world:
            run(world)
            if once:
                return 0
            say(f"\nIt goes on running. In another terminal, try:\n"
                f"  {world.build}/safar -c {world.config} status\n"
                f"  {world.build}/modem-simulator --dir {world.air} --tell sms 0 "
                f"{CALLER} 'шелтер керек'\n"
                f"  {world.build}/modem-simulator --dir {world.air} --tell phone {CALLER}\n"
                f"Ctrl-C ends it.")
            signal.pthread_sigmask(signal.SIG_BLOCK, ends)
            signal.sigwait(ends)
            return 0
    except Failure as why:
        print(f"quickstart: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
