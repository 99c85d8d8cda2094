# SPDX-License-Identifier: GPL-3.0-or-later
"""Printed sheets: made, read back by a QR reader, and the questions that they bring counted."""
import json
import re
import subprocess

from world import Failure, World

LOOPBACK = "[link phones]\ntype = loopback\nprice = 15\n"
NUMBER = "8 701 234 56 78"
TAGS = ("kk", "ru", "uz", "uz-Cyrl", "ky", "tg")


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _material(w, *args, code=0):
    return w.safar("campaign", "material", *args, code=code)


def _scan(svg):
    """What a QR reader sees on the sheet, as a camera would give it."""
    png = svg.with_suffix(".png")
    subprocess.run(["rsvg-convert", "-w", "600", "-o", png, svg], check=True)
    done = subprocess.run(["zbarimg", "-q", "--raw", png], capture_output=True, text=True)
    return done.stdout.strip()


def _sources(w):
    rows = w.safar("campaign", "sources", "--json").stdout.splitlines()
    return [json.loads(row) for row in rows if "questions" in row]


def a_sheet_in_each_language_is_read_back_by_a_qr_reader():
    with World(extra=LOOPBACK).start() as w:
        folder = w.folder / "sheets"
        said = _material(w, "market-2026-12", "--number", NUMBER, "--out", folder).stdout
        word = re.search(r": ([A-Z]+)$", said.strip()).group(1)
        for tag in TAGS:
            svg = folder / f"market-2026-12-poster-{tag}.svg"
            _check(_scan(svg) == f"SMSTO:+77012345678:{word}", f"{tag}: {_scan(svg)}")
            text = svg.read_text()
            _check(text.count("+7 701 234 56 78") == 9 and text.count(word) == 9, tag)
            page = svg.with_suffix(".html").read_text()
            _check(f'lang="{tag}"' in page and "size: A4" in page and "src=" not in page, page[:300])
        again = _material(w, "market-2026-12", "--number", NUMBER, "--out", folder).stdout
        _check(again == said, "another word for the same drive and kind")
        other = json.loads(_material(w, "market-2026-12", "--number", NUMBER, "--out", folder, "--kind",
                                     "mask", "--language", "ky", "--discreet", "--json").stdout)
        _check(other["word"] != word and other["files"] == 2, other)
        plain = (folder / "market-2026-12-mask-ky.svg").read_text()
        _check("Жумуш" not in plain and "+7 701 234 56 78" in plain, "a discreet sheet says what for")


def a_question_with_the_word_is_answered_as_any_other_and_counted_to_the_drive():
    with World(extra=LOOPBACK).start() as w:
        word = json.loads(_material(w, "bazaar", "--number", NUMBER, "--out", w.folder / "sheets",
                                    "--json").stdout)["word"]

        def ask(number, text):
            return w.safar("phone", "--number", number, text=text + "\n").stdout
        with_word, without = ask("+77010000001", f"помогите {word}"), ask("+77010000002", "помогите")
        _check(with_word == without, (with_word, without))
        _check("1 Срочно" in ask("+77010000003", word.lower()), "the word alone")
        cyrillic = word.lower().translate(str.maketrans("abdklmnorstuz", "абдклмнорстуз"))
        _check("1 Срочно" in ask("+77010000004", cyrillic), "the word in Cyrillic letters")
        _check([row["questions"] for row in _sources(w)] == [3], _sources(w))
        _check("DRIVE" in w.safar("campaign", "sources").stdout, "the table")


def what_cannot_be_printed_is_an_error_and_makes_no_word():
    with World(extra=LOOPBACK).start() as w:
        _material(w, "market", code=2)
        _material(w, "market", "--number", "12", code=2)
        _material(w, "Market Day", "--number", NUMBER, "--out", w.folder / "sheets", code=2)
        _material(w, "market", "--number", NUMBER, "--language", "de", "--out", w.folder / "s", code=2)
        _material(w, "market", "--number", NUMBER, "--out", "/proc/none/at/all", code=None)
        w.safar("campaign", "materials", "x", code=2)
