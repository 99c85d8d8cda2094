# SPDX-License-Identifier: GPL-3.0-or-later
"""Word lists: from dictionaries (affixes applied), from Tesseract's lists, and from the lines.

A form's origins: l lines, d dictionary, a dictionary's affixes, t Tesseract's list (frequent on the
web), T the same in more than one case (more frequent), x the other Uzbek alphabet's form,
transliterated.
"""
import collections
import gzip
import pathlib
import re
import subprocess
import tempfile

import clean
import packages
import readers
import uzbek

MOST = 300_000          # forms a language
OWN = {"kk": "әғқңөұүһі", "ky": "ңөү", "tg": "ғӣқӯҳҷ", "uz-Cyrl": "ўқғҳ"}
WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ-][^\W\d_]+)*ʻ?")


VOWEL = re.compile(r"[аеёиоуыэюяәөұүіўӣӯaeiouy]")
# What Tajik was typed with before Unicode's letters were at hand.
TAJIK_FONTS = str.maketrans("ѓќњљїЃЌЊЉЇ", "ғқҳҷӣҒҚҲҶӢ")


def of_line(language, line):
    for word in WORD.findall(line.lower()):
        if len(word) > 1 and all(c in clean.LETTERS[language] or c in "ʻʼ-" for c in word):
            yield word


def good(language, word):
    """The word in lower case, if the language's letters write it."""
    word = word.strip().replace("й", "й")
    if language == "tg":
        word = word.translate(TAJIK_FONTS)
    if language == "uz":
        word = uzbek.apostrophes(word)
    low = word.lower()
    if not 2 <= len(low) <= 30 or not WORD.fullmatch(low):
        return None
    if any(c not in clean.LETTERS[language] and c not in "ʻʼ-" for c in low):
        return None
    if language == "uz" and re.search(r"c(?!h)", low):
        return None
    if re.search(r"(.)\1\1", low) or (len(low) > 2 and not VOWEL.search(low)):
        return None
    return low


def run(*command, cwd=None, stdin=None):
    return subprocess.run(command, cwd=cwd, input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False).stdout


def tesseract(folder, _language):
    """The words that a recogniser of texts expects; folder has one .traineddata."""
    path, = folder.rglob("*.traineddata")
    run("combine_tessdata", "-u", path, folder / "t.")
    run("dawg2wordlist", folder / "t.lstm-unicharset", folder / "t.lstm-word-dawg",
        folder / "t.txt")
    cases = collections.Counter()
    for line in (folder / "t.txt").read_text("utf-8", "replace").split("\n"):
        cases[line.lower()] += 1
    for word, count in cases.items():
        yield word, "T" if count > 1 else "t"


def hunspell(folder, _language):
    """The stems, then what unmunch makes of them."""
    for dic in sorted(folder.rglob("*.dic")):
        text = dic.read_bytes()
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = text.decode("latin-1")
        stems, plain = text.replace("\r", "").split("\n")[1:], folder / "plain"
        for stem in stems:
            yield stem.partition("/")[0], "d"
        plain.with_suffix(".dic").write_text("\n".join([str(len(stems))] + stems), "utf-8")
        affixes = dic.with_suffix(".aff").read_bytes().removeprefix(b"\xef\xbb\xbf")
        plain.with_suffix(".aff").write_bytes(affixes.replace(b"\r", b""))
        forms = run("unmunch", plain.with_suffix(".dic"), plain.with_suffix(".aff"))
        for form in forms.decode("utf-8", "replace").split("\n"):
            yield form, "a"


def aspell(folder, _language):
    """The master list, which aspell packs with prezip."""
    for path in sorted(folder.rglob("*.cwl.gz")):
        octets = run("prezip-bin", "-d", stdin=gzip.decompress(path.read_bytes()))
        for line in octets.decode("utf-8", "replace").split("\n"):
            yield line.partition("/")[0], "d"


def plain_list(folder, _language):
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for _, line in readers.lines(path.read_bytes()):
            yield line, "d"


LISTS = {"tesseract": tesseract, "hunspell": hunspell, "aspell": aspell, "list": plain_list}


def unpack(path, pattern, folder):
    for n, (name, data) in enumerate(packages.files(path)):
        if re.search(pattern, name) and "/doc/" not in name:
            at = folder / name.rpartition("/")[2]
            (at if not at.exists() else folder / f"{n}-{at.name}").write_bytes(data())


def dictionaries(chosen, cache):
    """language -> form -> set of origins. A row's languages are by package or by path."""
    found = collections.defaultdict(lambda: collections.defaultdict(set))
    for source in [s for s in chosen if s.kind == "dictionary"]:
        for package in source.packages.split():
            whole = source.language.get(package)
            for pattern, code in ({".": whole} if whole else source.language).items():
                if pattern in source.packages.split():
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    folder = pathlib.Path(folder)
                    unpack(packages.fetch(source, package, cache), pattern, folder)
                    for word, origin in LISTS[source.read](folder, code):
                        language = clean.language_of(code, word)
                        low = good(language, word)
                        if low:
                            found[language][low].add(origin)
    return found


def cyrillic_by_birth(found, lines):
    """Uzbek Cyrillic forms and how often lines have them (a listed form counts once)."""
    counts = collections.Counter(dict.fromkeys(found["uz-Cyrl"], 1))
    for _, language, line in lines:
        if language == "uz-Cyrl":
            counts.update(of_line(language, line))
    return counts


def drop_strangers(found, counts):
    """Russian words in other lists, English ones in Uzbek's, unless lines have them too."""
    for language in list(found):
        if language in ("ru", "en"):
            continue
        other = found["en" if language == "uz" else "ru"]
        own = OWN.get(language, "ʻʼ")
        for word in [w for w in found[language] if w in other and not counts[language][w]
                     and not set(w) & set(own)]:
            del found[language][word]


def transliterate(found, lexicon):
    for word in list(found["uz-Cyrl"]):
        latin = good("uz", uzbek.word_to_latin(word))
        if latin:
            found["uz"][latin].add("x")
    for word in [w for w, origins in found["uz"].items() if "x" not in origins]:
        cyrillic = uzbek.to_cyrillic(word, lexicon)
        cyrillic = cyrillic and good("uz-Cyrl", cyrillic)
        if cyrillic:
            found["uz-Cyrl"][cyrillic].add("x")


CLASSES = ("l", "T", "t", "d", "x", "a")     # the surest first


def select(forms, counts):
    """At most MOST forms: class by class, of the first class that is too large each n-th."""
    by_class = collections.defaultdict(list)
    for word in sorted(forms):
        origins = forms[word] | ({"l"} if counts[word] else set())
        best = next(c for c in CLASSES if c in origins)
        by_class[best].append((word, counts[word], "".join(sorted(origins))))
    chosen = []
    for c in CLASSES:
        room = MOST - len(chosen)
        step = -(-len(by_class[c]) // room) if room > 0 else 0
        chosen += by_class[c][::step] if step else []
    return sorted(chosen, key=lambda i: (-i[1], i[0]))


def write(folder, found, lines):
    """The files; gives their sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = collections.defaultdict(collections.Counter)
    for source, language, line in lines:
        if not source.name.endswith("/x"):
            counts[language].update(of_line(language, line))
    drop_strangers(found, counts)
    sizes = {}
    for language in sorted(clean.LETTERS):
        for word in counts[language]:
            found[language].setdefault(word, set())
        rows = select(found[language], counts[language])
        sizes[language] = len(rows)
        (folder / f"{language}.txt").write_text(
            "".join(f"{w}\t{n}\t{o}\n" for w, n, o in rows), encoding="utf-8")
    return sizes
