#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches the text that the language model is trained on, from Debian's and npm's packages.

  gateway/text/training/fetch.py OUT [--cache DIR] [--source NAME…]

Writes OUT/LANGUAGE.tsv and OUT/test/LANGUAGE.tsv (source, kind, text; a source that ends in /x is
transliterated Uzbek), OUT/words/LANGUAGE.txt (form, count in those lines, origins: see words.py),
OUT/PACKAGES.tsv (what was read: source, file with its version, SHA-256), OUT/DROPPED.tsv (lines
judged to be another language's) and OUT/TABLE.txt, which it prints: the lines of each source.
The same packages give the same files. Needs apt-get, dpkg-deb, npm, and for the word lists
combine_tessdata and dawg2wordlist (tesseract-ocr), unmunch (hunspell-tools), prezip-bin (aspell).
The first run fetches 2.5 GB, most of it the sources of Chromium and LibreOffice.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import pathlib
import re
import sys

import clean
import judge
import packages
import readers
import uzbek
import words
from sources import SOURCES

LANGUAGES = ("kk", "ru", "uz", "uz-Cyrl", "ky", "tg", "en")
CODE = re.compile(r"(?<![A-Za-z])(kk|kaz|ky|kir|kg|tg|tgk|uz|uzn|ru|rus|en|eng)"
                  r"((?:[-_@](?:KZ|KG|TJ|UZ|RU|US|GB|[Cc]yrl|[Cc]yrillic|[Ll]atn|[Ll]atin|UTF-8))*)"
                  r"(?![A-Za-z0-9@_-])")
CODES = {"kaz": "kk", "kir": "ky", "kg": "ky", "tgk": "tg", "uzn": "uz", "rus": "ru", "eng": "en"}


def language_of_path(path):
    """(language, the path with * in its place) by the last language code in it."""
    found = list(CODE.finditer(path))
    if not found:
        return None, path
    last = found[-1]
    code = CODES.get(last.group(1), last.group(1))
    if code != "uz" and "lat" in last.group(2).lower():
        return None, path
    return code, path[:last.start()] + "*" + path[last.end():]


def texts(source, package, path):
    """(language, group, name of the message, text) of everything that a package says."""
    fixed = source.language.get(package)

    def one(name, data):
        ending = re.split(r"[./]", name)[-1].lower()
        if ending in readers.ARCHIVES and source.origin == "debian":
            for member, octets in readers.members(data()):
                yield from one(f"{name}/{member}", lambda o=octets: o)
            return
        tagged = readers.TAGGED.get(ending)
        if ending == "json" and not fixed and not language_of_path(name)[0]:
            tagged = readers.desktop                    # KDE's plugins describe themselves so
        if tagged and not source.read:
            for language, key, text in tagged(data()):
                yield language, f"{name}:{key}", f"#{key}", text
            return
        if source.paths and not re.search(source.paths, name):
            return
        reader = readers.READERS.get(source.read or ending)
        language, group = (fixed, name) if fixed else language_of_path(name)
        for pattern, code in source.language.items():
            if not fixed and re.search(pattern, name):
                language, group = code, "*"
        if reader and language in LANGUAGES:
            for key, text in reader(data()):
                yield language, group, key, text

    for name, data in packages.files(path):
        yield from one(name, data)
    if path.suffix in (".deb", ".udeb"):
        for name, data in packages.control(path):
            yield from one(name, data)


def read(task):
    """One package: its lines as [(language, text)], with what tells that they were judged."""
    source, package, path = task
    groups = collections.defaultdict(lambda: collections.defaultdict(dict))
    for language, group, name, text in texts(source, package, path):
        groups[group][language].setdefault((name, len(groups[group][language])), text)
    lines, seen = [], set()

    def put(language, text):
        for piece in clean.sentences(clean.plain(text)):
            code = clean.language_of(language, piece)
            if source.only and code not in source.only:
                continue
            line = clean.accept(code, piece)
            if line and (code, clean.key(line)) not in seen:
                seen.add((code, clean.key(line)))
                lines.append((code, line))

    for group in sorted(groups):
        catalogs = groups[group]
        russian = {name: text for (name, _), text in catalogs.get("ru", {}).items()}
        anywhere = set(russian.values())
        english = {name: text for (name, _), text in catalogs.get("en", {}).items()}
        for language in sorted(catalogs):
            for (name, _), text in catalogs[language].items():
                if language != "en" and (text == name or text == english.get(name)):
                    continue
                if language not in ("ru", "en") and \
                        (text in anywhere if name.startswith("#") else text == russian.get(name)):
                    continue
                put(language, text)
        if source.english:
            language = sorted(catalogs)[0]
            for name, _ in catalogs[language]:
                if re.search(r"[a-z]{2} [a-z]|^[A-Z]?[a-z]+$", name):
                    put("en", name)
    return lines


def gather(chosen, cache):
    """[(source, language, text)], and the rows of PACKAGES.tsv."""
    tasks, origins = [], []
    for source in chosen:
        for package in source.packages.split():
            path = packages.fetch(source, package, cache)
            origins.append(f"{source.name}\t{path.name}\t{packages.fingerprint(path)}")
            if source.kind != "dictionary":
                tasks.append((source, package, path))
    result = []
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for (source, package, _), lines in zip(tasks, pool.map(read, tasks, chunksize=4)):
            result += [(source, language, line) for language, line in lines]
    return result, origins


def split(lines):
    """Test lines first: what they say is then left out of training, and nothing comes twice."""
    test, train, seen = [], [], collections.defaultdict(set)
    for part, into in (("test", test), ("train", train)):
        for source, language, line in lines:
            key = clean.key(line)
            if source.split == part and key not in seen[language]:
                seen[language].add(key)
                into.append((source, language, line))
    return train, test


def other_alphabet(train, lexicon, is_english):
    """Uzbek lines in the alphabet that they were not written in; their source ends in /x.

    Latin ones with a word that only English has are left out: no rule can write that.
    """
    seen = collections.defaultdict(set)
    for _, language, line in train:
        seen[language].add(clean.key(line))
    result = []
    for source, language, line in train:
        if language == "uz-Cyrl":
            other, text = "uz", uzbek.to_latin(line)
        elif language == "uz":
            mixed = judge.count(line, is_english)
            other, text = "uz-Cyrl", None if mixed else uzbek.to_cyrillic(line, lexicon)
        else:
            continue
        text = text and clean.accept(other, text)
        if text and clean.key(text) not in seen[other]:
            seen[other].add(clean.key(text))
            result.append((dataclasses.replace(source, name=source.name + "/x"), other, text))
    return result


def write(folder, lines):
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        rows = [f"{s.name}\t{s.kind}\t{line}\n" for s, code, line in lines if code == language]
        (folder / f"{language}.tsv").write_text("".join(rows), encoding="utf-8")


def table(train, test):
    counts = collections.Counter((s.name, code) for s, code, _ in train + test)
    text = f"{'source':24} split " + "".join(f"{code:>9}" for code in LANGUAGES) + "\n"
    for source in SOURCES:
        row = [counts[source.name, code] for code in LANGUAGES]
        if any(row):
            text += f"{source.name:24} {source.split:5} " + "".join(f"{n:9}" for n in row) + "\n"
    for title, lines in (("training", train), ("test", test)):
        sums = collections.Counter(code for _, code, _ in lines)
        text += f"{title:30} " + "".join(f"{sums[code]:9}" for code in LANGUAGES) + "\n"
    return text


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("out", type=pathlib.Path)
    args.add_argument("--cache", type=pathlib.Path, default=pathlib.Path("training-cache"))
    args.add_argument("--source", nargs="*", help="only these sources")
    args = args.parse_args()
    chosen = [s for s in SOURCES if not args.source or s.name in args.source]
    cache = args.cache.resolve()
    lines, origins = gather(chosen, cache)
    found = words.dictionaries(chosen, cache)
    is_english = judge.english_not_uzbek(found)
    lines, dropped = judge.clean_of_strangers(lines, is_english)
    train, test = split(lines)
    lexicon = uzbek.Lexicon(words.cyrillic_by_birth(found, train))
    words.transliterate(found, lexicon)
    both = train + other_alphabet(train, lexicon, is_english)
    write(args.out, both)
    write(args.out / "test", test)
    (args.out / "PACKAGES.tsv").write_text("\n".join(origins) + "\n", encoding="utf-8")
    (args.out / "DROPPED.tsv").write_text(dropped, encoding="utf-8")
    sizes = words.write(args.out / "words", found, train)
    report = table(train, test) + f"{'word forms':30} " + \
        "".join(f"{sizes.get(code, 0):9}" for code in LANGUAGES) + "\n"
    (args.out / "TABLE.txt").write_text(report, encoding="utf-8")
    print(report, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
