# SPDX-License-Identifier: GPL-3.0-or-later
"""The four dialects by clients of another make than callers.py: each worded by its operator's pages, with
what such clients do besides (cookie jars, header case, chunks, numbers as numbers, one connection)."""
import http.client
import http.cookiejar
import json
import socket
import urllib.request
import xml.dom.minidom as dom

from callers import MenuWorld
from world import Failure

NUMBER = "77010000077"


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _walk(step, is_end):
    """Dial, Russian, work, offer, back to the start; `step(n, typed)` gives (goes on, page)."""
    pages = [step(n, typed) for n, typed in enumerate(["*123#", "2", "5", "1", "0"])]
    _check(all(goes_on for goes_on, _ in pages), pages)
    _check("6 " in pages[0][1] and "1 " in pages[1][1] and pages[4][1] == pages[1][1], pages)
    _check(len({page for _, page in pages[:4]}) == 4, pages)
    is_end()


def africastalking_by_raw_octets_on_one_connection():
    """Africa's Talking's own gateway reuses a connection; its fields come in no fixed order."""
    with MenuWorld().start() as w, socket.create_connection(("127.0.0.1", w.port), timeout=20) as s:
        reader = s.makefile("rb")
        typed = []

        def step(n, text):
            typed.append(text)
            history = "%2A".join(typed[1:]) # some encode the star
            body = (f"text={history}&networkCode=40177&phoneNumber=%2b{NUMBER}&serviceCode=%2a123%23"
                    f"&sessionId=ATUid_9f3").encode()
            s.sendall(b"POST /ussd/at HTTP/1.1\r\nhost: x\r\nCONTENT-TYPE: application/"
                      b"x-www-form-urlencoded; charset=utf-8\r\nTRANSFER-ENCODING: chunked\r\n\r\n")
            for at in range(0, len(body), 7):
                piece = body[at:at + 7]
                s.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            s.sendall(b"0\r\n\r\n")
            _check(b" 200 " in reader.readline(), "the status")
            headers = http.client.parse_headers(reader)
            page = reader.read(int(headers["Content-Length"])).decode()
            _check(headers["Content-Type"].startswith("text/plain"), headers.items())
            _check(page[:4] in ("CON ", "END "), page)
            return page.startswith("CON "), page[4:]
        _walk(step, lambda: None)


def infobip_by_sessions_that_are_asked_for_and_ended():
    with MenuWorld().start() as w:
        base = f"http://127.0.0.1:{w.port}/ussd/ib/session/5F3D-aa.01/"

        def ask(verb, **fields):
            request = urllib.request.Request(base + verb, method="POST", data=json.dumps(
                fields, ensure_ascii=True, indent=2).encode("utf-8"), headers={
                    "content-type": "application/json;charset=UTF-8"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                _check("json" in answer.headers["Content-Type"], answer.headers.items())
                return json.load(answer)

        def step(n, text):
            told = ask("start" if n == 0 else "response", msisdn=int(NUMBER), text=text,
                       shortCode="*123#", imsi="401770000000001", ussdGwId="1", optional="",
                       language=None)
            _check(set(told) >= {"shouldClose", "ussdMenu", "responseExitCode", "responseMessage"} and
                   told["responseExitCode"] == 200, told)
            return told["shouldClose"] is False, told["ussdMenu"]

        def end():
            with urllib.request.urlopen(base + "status", timeout=20) as answer:
                before = json.load(answer)
            told = ask("end", msisdn=NUMBER, exitCode=200, reason="")
            _check(told["responseExitCode"] == 200, told)
            _check(before["responseExitCode"] == 200, before)
        _walk(step, end)


def junebug_by_messages_that_are_replied_to():
    with MenuWorld().start() as w:
        connection = http.client.HTTPConnection("127.0.0.1", w.port, timeout=20)

        def ask(n, event, text):
            connection.request("POST", "/ussd/jb", headers={"Content-Type": "application/json"},
                               body=json.dumps({
                                   "channel_data": {"session_event": event, "provider": "p"},
                                   "from": "+" + NUMBER, "channel_id": "0a", "timestamp": "2026-11-25",
                                   "content": text, "to": "*123#", "reply_to": None, "group": None,
                                   "message_id": f"b1946ac9-{n}"}, ensure_ascii=False))
            answer = connection.getresponse()
            _check(answer.status == 200, answer.status)
            return json.loads(answer.read() or b"{}")

        def step(n, text):
            told = ask(n, "new" if n == 0 else "resume", None if n == 0 else text)
            _check(told["reply_to"] == f"b1946ac9-{n}", told)
            return told["channel_data"]["continue_session"] is True, told["content"]
        _walk(step, lambda: ask(9, "close", None))


def restcomm_by_a_jar_of_cookies_and_xml_as_its_gateway_writes_it():
    with MenuWorld().start() as w:
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        invoke = 0

        def ask(kind, inside):
            document = (f'<?xml version="1.0" encoding="UTF-8" ?>\n<dialog type="{kind}" appCntx='
                        '"networkUnstructuredSsContext_version2" networkId="0" localId="12" remoteId="13" '
                        'mapMessagesSize="1" returnMessageOnError="false">\n  <!-- made by a gateway -->\n'
                        '  <destinationReference number="204208300008002" nai="international_number" '
                        'npi="land_mobile"/>\n  <originationReference number="'
                        f'{NUMBER}" nai="international_number" npi="ISDN"/>\n  {inside}\n</dialog>\n')
            request = urllib.request.Request(f"http://127.0.0.1:{w.port}/ussd/rc", document.encode(),
                                             {"Content-Type": "text/xml"})
            with opener.open(request, timeout=20) as answer:
                _check("xml" in answer.headers["Content-Type"], answer.headers.items())
                return dom.parseString(answer.read()).documentElement

        def step(n, text):
            nonlocal invoke
            if n == 0:
                inside = (f'<processUnstructuredSSRequest_Request invokeId="0" dataCodingScheme="15" '
                          f'string="{text}"><msisdn nai="international_number" npi="ISDN" number='
                          f'"{NUMBER}"/></processUnstructuredSSRequest_Request>')
            else:
                inside = (f'<unstructuredSSRequest_Response invokeId="{invoke}" dataCodingScheme="15" '
                          f'string="{text}"></unstructuredSSRequest_Response>')
            dialog = ask("Begin" if n == 0 else "Continue", inside)
            _check(any(c.name == "JSESSIONID" for c in jar), list(jar))
            message = [node for node in dialog.childNodes if node.nodeType == node.ELEMENT_NODE][0]
            invoke = int(message.getAttribute("invokeId"))
            _check(message.getAttribute("dataCodingScheme") in ("15", "72"), message.toxml())
            return message.tagName == "unstructuredSSRequest_Request", message.getAttribute("string")
        _walk(step, lambda: ask("Abort", "<errComponents/>"))
