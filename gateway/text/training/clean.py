# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a plain text of a message, cuts it into sentences, and judges whose language it is."""
import html
import re
import unicodedata

import uzbek

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
# Every letter that a language writes; the letters that only it and its like have.
LETTERS = {
    "ru": set(RUSSIAN),
    "kk": set(RUSSIAN + "әғқңөұүһі"),
    "ky": set(RUSSIAN + "ңөү"),
    "tg": set(RUSSIAN + "ғӣқӯҳҷ") - set("щы"),
    "uz-Cyrl": set(RUSSIAN + "ўқғҳ") - set("щы"),
    "uz": set("abcdefghijklmnopqrstuvxyz"),
    "en": set("abcdefghijklmnopqrstuvwxyz"),
}
CYRILLIC = re.compile(r"[\u0400-\u052f]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
LETTER = re.compile(r"[^\W\d_]")
# Names that Uzbek lines would teach as Uzbek words, with their suffixes.
BRANDS = re.compile(r"\b(?:Chrom|Google|Gmail|Firefox|Mozilla|Thunderbird|Android|Windows|Linux|"
                    r"Scratch|YouTube|LibreOffice|Writer|Gnome|GNOME|Wi-Fi|Bluetooth|Facebook|"
                    r"Assistant|Play|Microsoft|Apple|Debian|MATE|Wikipedia)[\w-]*")
MAX_WORDS, MAX_CHARS = 40, 320
NOISE = [
    (re.compile(r"\{\{[^{}]*\}\}"), " "),                          # wiki's templates
    (re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]"), r"\1"),   # wiki's links
    (re.compile(r"\[(?:https?:)?//\S+ ([^\[\]]*)\]"), r"\1"),
    (re.compile(r"\[\$\d\S* ([^\[\]]*)\]"), r"\1"),
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"</?[A-Za-z][^<>]{0,300}/?>"), " "),
    (re.compile(r"https?:\S+|www\.\S+|\S+@\S+\.\S+"), " "),
    (re.compile(r"%\([\w.]+\)[sdif]|%\{[^{}]*\}"
                r"|%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?l{0,2}[A-Za-z@]\b"
                r"|%(?:\d+\$)?[sS]|(?<!\d)%(?!\w)"), " "),
    (re.compile(r"%L?\d+|%[A-Z]+%|%%|\$\{[^{}]*\}|\$\([^()]*\)|\$\w+\$?|\{[^{}]*\}"), " "),
    (re.compile(r"#[A-Z_]{3,}|&#?\w+;|@[\w-]+@?|\b\w+\(\)|--[\w-]+"), " "),
    (re.compile(r"\([_&~]\w\)|\(&amp;\w\)"), ""),                  # accelerators apart
    (re.compile(r"[&~](?=\w)"), ""),
    (re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"), ""),
    (re.compile(r"[\u0300\u0301]"), ""),
]
SENTENCE = re.compile(r"(?<=[.!?…;])[»”\")]*\s+(?=[«“\"(–—-]*\s*[A-ZА-ЯЁӘҒҚҢӨҰҮҺІЎҲӢӮҶ])"
                      r"|\n+|\s[•·|]\s")


def plain(text):
    """The text without markup, placeholders and accelerators."""
    text = unicodedata.normalize("NFC", text.replace("й", "й"))
    if "&" in text:
        text = html.unescape(text)
    for pattern, put in NOISE:
        text = pattern.sub(put, text)
    if text.count("_") == 1:
        text = text.replace("_", "")
    return text


def sentences(text):
    """Pieces of at most MAX_WORDS words."""
    for piece in SENTENCE.split(text):
        words = piece.split()
        if len(words) > MAX_WORDS:
            for part in re.split(r"(?<=[,;:])\s", piece):
                words = part.split()
                if len(words) <= MAX_WORDS:
                    yield " ".join(words)
        elif words:
            yield " ".join(words)


def tidy(text):
    """Without the odd ends that placeholders leave."""
    text = re.sub(r"\(\s*\)|\[\s*\]|«\s*»|[“„]\s*[”“]|\"\s*\"|(?<!\w)'\s*'(?!\w)", " ", text)
    text = re.sub(r"\s+([,.;:!?)»”])", r"\1", " ".join(text.split()))
    text = re.sub(r"(?<=[^\W\d_]{2}[.!?])(?=[А-ЯЁӘҒҚҢӨҰҮІЎҲӢӮҶ])", " ", text)
    return text.strip(" \t-–—:;,=|/*#•·<>~+^`\\")


def own_script(text, cyrillic):
    """The text without words of the other script; None where they were most of it."""
    total = len(LETTER.findall(text))
    other = LATIN if cyrillic else CYRILLIC
    if not other.search(text):
        return text
    words = [w for w in text.split() if not other.search(w)]
    kept = " ".join(words)
    left = len(LETTER.findall(kept))
    return kept if left >= 3 and left * 2 >= total else None


def language_of(language, text):
    """uz is two: what the text is written in decides."""
    if language != "uz":
        return language
    return "uz-Cyrl" if len(CYRILLIC.findall(text)) > len(LATIN.findall(text)) else "uz"


def accept(language, text):
    """The text as a line of the language, or None."""
    if language == "uz":
        text = BRANDS.sub(" ", text)
    text = own_script(text, language not in ("uz", "en"))
    if not text:
        return None
    text = tidy(text)
    if language == "uz":
        text = uzbek.apostrophes(text)
    low = text.lower()
    letters = LETTER.findall(low)
    if len(letters) < 2 or len(text) > MAX_CHARS:
        return None
    if len(letters) < 0.55 * len(text.replace(" ", "")):
        return None
    strange = [c for c in letters if c not in LETTERS[language] and c not in "ʻʼ"]
    if strange:
        return None
    if re.search(r"[a-zа-я][A-ZА-Я]|[_=<>{}\\|]|\S\.\S*[a-zа-я]\S*\(|/\S+/", text):
        return None
    if language == "uz" and re.search(r"w|c(?!h)", low):
        return None
    if language in ("uz", "en") and re.fullmatch(r"\w+(?:[-.]\w+)+", text):
        return None                                     # the name of a message
    if not any(len(w) > 1 for w in re.findall(r"[^\W\d_]+", text)):
        return None
    return text


def key(text):
    """What two lines share that say the same."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))
