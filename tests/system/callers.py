# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators' gateways, one class a dialect, and a daemon that they call back. They share no code with it."""
import http.client
import json
import random
import socket
import urllib.parse
import uuid
import xml.etree.ElementTree as xml

import world
from world import World, until

LINKS = "".join(f"[link {name}]\ntype = ussd\ndialect = {dialect}\ncode = *123#\n" for name, dialect in
                (("at", "africastalking"), ("ib", "infobip"), ("rc", "restcomm"), ("jb", "junebug")))
CALLERS = ["+77010000001", "+996700123456", "+998901234567", "+992900123456", "+79160000001"]


def text(language, key):
    """As the file has it, with its placeholders."""
    texts = json.loads((world.ROOT / "locales" / f"{language}.json").read_text())["texts"]
    return texts[key]["text"]


class MenuWorld(World):
    """A daemon with a link of each dialect, and none or one with a modem."""

    def __init__(self, http="timeout = 5\n", links=LINKS, has_modem=False, **more):
        self.has_modem = has_modem
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        super().__init__(modems=1, extra=f"[http]\nlisten = 127.0.0.1:{self.port}\n{http}{links}",
                         **more)

    def write_config(self, changes=None):
        self.modems = 1 if self.has_modem else 0  # the simulator has one at least
        super().write_config(changes)

    def start(self, ready=True, environment=None):
        super().start(ready=False, environment=environment)
        if ready:
            until("the port is open", lambda: "call-backs are taken" in self.log.read_text() and
                  self.status(check=False), 60)
        return self

    def post(self, path, body, method="POST", headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body=body.encode() if isinstance(body, str) else body,
                      headers=headers or {})
            r = c.getresponse()
            return r.status, r.read().decode("utf-8", "replace"), dict(r.getheaders())
        finally:
            c.close()

    def pages(self, name):
        return next(link for link in self.status()["links"] if link["name"] == name)["pages"]


class Caller:
    """One phone: dial(), type(), hang_up(); `page` is what its screen shows, `open` whether it asks."""

    def __init__(self, w, number):
        self.w, self.number, self.page, self.open, self.status = w, number, None, False, None

    def took(self, answer):
        self.status = answer[0]
        if answer[0] != 200:
            raise world.Failure(f"{answer[0]}: {answer[1]}")
        return answer[1]


class AfricasTalking(Caller):
    def dial(self):
        self.session, self.history = f"ATUid_{uuid.uuid4().hex}", []
        return self.ask()

    def type(self, text):
        self.history.append(text)
        return self.ask()

    def ask(self):
        body = self.took(self.again())
        self.open, self.page = body.startswith("CON "), body[4:]
        return self.page

    def again(self):
        return self.w.post("/ussd/at", urllib.parse.urlencode(
            {"sessionId": self.session, "phoneNumber": self.number, "networkCode": "40101",
             "serviceCode": "*123#", "text": "*".join(self.history)}))

    def hang_up(self):
        pass


class Infobip(Caller):
    def dial(self):
        self.session = uuid.uuid4().hex
        return self.ask("start", "*123#")

    def type(self, text):
        return self.ask("response", text)

    def ask(self, verb, text):
        self.last = (verb, text)
        body = json.loads(self.took(self.again()))
        self.open, self.page = not body["shouldClose"], body["ussdMenu"]
        return self.page

    def again(self):
        verb, text = self.last
        return self.w.post(f"/ussd/ib/session/{self.session}/{verb}", json.dumps(
            {"msisdn": self.number[1:], "text": text, "shortCode": "*123#", "imsi": None}))

    def hang_up(self):
        self.took(self.w.post(f"/ussd/ib/{self.session}/end", '{"exitCode":500,"reason":"gone"}'))


class RestComm(Caller):
    def dial(self):
        self.ids, self.cookie = (random.randrange(1 << 31), random.randrange(1 << 31)), None
        return self.ask("Begin", f'<processUnstructuredSSRequest_Request invokeId="0" '
                        f'dataCodingScheme="15" string="*123#"><msisdn nai="international_number" '
                        f'npi="ISDN" number="{self.number[1:]}"/></processUnstructuredSSRequest_Request>')

    def type(self, text):
        return self.ask("Continue", f'<unstructuredSSRequest_Response invokeId="{self.invoke}" '
                        f'dataCodingScheme="15" string="{text}"/>')

    def ask(self, kind, inside):
        self.last = f'<dialog type="{kind}" localId="{self.ids[0]}" remoteId="{self.ids[1]}" ' \
                    f'mapMessagesSize="1">{inside}</dialog>'
        answer = self.again()
        cookie = answer[2].get("Set-Cookie", "")
        self.cookie = cookie.split(";")[0] or self.cookie
        dialog = xml.fromstring(self.took(answer).encode())
        message = dialog[0]
        self.open = message.tag == "unstructuredSSRequest_Request"
        self.invoke = int(message.get("invokeId"))
        self.dcs, self.page = message.get("dataCodingScheme"), message.get("string")
        if self.open != (dialog.get("prearrangedEnd") is None):
            raise world.Failure("a dialog ends with its last page, and with no other")
        return self.page

    def again(self):
        return self.w.post("/ussd/rc", self.last,
                           headers={"Cookie": self.cookie} if self.cookie else {})

    def hang_up(self):
        self.took(self.w.post("/ussd/rc", f'<dialog type="Abort" localId="{self.ids[0]}" '
                  f'remoteId="{self.ids[1]}" mapMessagesSize="0" '
                  'mapUserAbortChoice="isUserSpecificReason"/>'))


class Junebug(Caller):
    def dial(self):
        return self.ask("new", None)

    def type(self, text):
        return self.ask("resume", text)

    def ask(self, event, text):
        self.last = json.dumps({"message_id": uuid.uuid4().hex, "to": "*123#", "from": self.number,
                                "content": text, "channel_id": "c", "timestamp": "now",
                                "reply_to": None, "group": None,
                                "channel_data": {"session_event": event}})
        body = json.loads(self.took(self.again()))
        if event != "close":
            self.open, self.page = body["channel_data"]["continue_session"], body["content"]
        return self.page

    def again(self):
        return self.w.post("/ussd/jb", self.last)

    def hang_up(self):
        self.ask("close", None)


DIALECTS = [AfricasTalking, Infobip, RestComm, Junebug]
