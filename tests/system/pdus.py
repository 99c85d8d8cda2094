# SPDX-License-Identifier: GPL-3.0-or-later
"""SMS-DELIVER PDUs as a modem's storage shows them: 3GPP TS 23.040 §9.2.2.1, UCS-2."""
import time

SMSC = "77010000000"
ZONE_QUARTERS = 20  # UTC+5


def _semi_octets(digits):
    digits += "F" * (len(digits) % 2)
    return "".join(digits[i + 1] + digits[i] for i in range(0, len(digits), 2))


def _scts(at):
    local = time.gmtime(at + ZONE_QUARTERS * 15 * 60)
    return _semi_octets(time.strftime("%y%m%d%H%M%S", local) + f"{ZONE_QUARTERS:02d}")


def _concatenation(ref, total, seq, bits):
    """§9.2.3.24.1 (8 bits) and §9.2.3.24.8 (16 bits), with the length of the header before it."""
    if bits == 8:
        return f"050003{ref:02X}{total:02X}{seq:02X}"
    return f"060804{ref:04X}{total:02X}{seq:02X}"


def deliver(sender, text, ref=None, total=1, seq=1, bits=8, at=None):
    """`sender` with its '+'; `at`: the SMSC's time, s since 1970 (None: now)."""
    digits = sender.lstrip("+")
    header = _concatenation(ref, total, seq, bits) if ref is not None else ""
    data = header + text.encode("utf-16-be").hex().upper()
    smsc = "91" + _semi_octets(SMSC)
    return (f"{len(smsc) // 2:02X}{smsc}" + ("44" if header else "04") +
            f"{len(digits):02X}91{_semi_octets(digits)}" + "0008" +
            _scts(time.time() if at is None else at) + f"{len(data) // 2:02X}" + data)


def in_parts(sender, texts, ref, bits=8, at=None):
    """One PDU a text, all of one message."""
    at = time.time() if at is None else at
    return [deliver(sender, text, ref, len(texts), i + 1, bits, at)
            for i, text in enumerate(texts)]
