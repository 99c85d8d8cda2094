# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon's HTTP server as strangers meet it: TLS, proxies, limits, slow clients, too many of them."""
import http.client
import os
import re
import resource
import selectors
import socket
import ssl
import subprocess
import warnings

import world
from callers import AfricasTalking, MenuWorld
from world import until

FORM = "sessionId=a&phoneNumber=%2B77010000001&text="


def _beyond(w, section):
    """Listening on all addresses, with what else stands in [http]."""
    text = w.config.read_text()
    w.config.write_text(re.sub(r"\[http\]\n(?:[^\[]*\n)?(?=\[)",
                               f"[http]\nlisten = 0.0.0.0:{w.port}\n{section}", text))
    return w


def _certificate(w, name="safar.test"):
    """(the chain's file, the key's file)."""
    chain, key = w.folder / "chain.pem", w.folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out",
                    chain], check=True, capture_output=True)
    return chain, key


def _ends(w):
    """Started, it ends by itself: (exit code, what it said)."""
    w.start(ready=False)
    return w.daemon.wait(60), w.log.read_text()


def _post(w, form=FORM, source="127.0.0.1", headers=None, context=None):
    """A call-back from that address of this computer; with a context by TLS."""
    with socket.create_connection(("127.0.0.1", w.port), timeout=20, source_address=(source, 0)) as s:
        if context is not None:
            s = context.wrap_socket(s, server_hostname="safar.test")
        more = "".join(f"{k}: {v}\r\n" for k, v in (headers or {}).items())
        s.sendall(f"POST /ussd/at HTTP/1.1\r\nHost: safar.test\r\n{more}Content-Length: {len(form)}\r\n"
                  f"Connection: close\r\n\r\n{form}".encode())
        answer = b""
        while piece := s.recv(4096):
            answer += piece
    return int(answer[9:12]), answer.partition(b"\r\n\r\n")[2].decode()


def _closed(s):
    try:
        s.send(b"x")
        return s.recv(1, socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _sockets(w):
    count = 0
    for fd in os.listdir(f"/proc/{w.daemon.pid}/fd"):
        try:
            count += os.readlink(f"/proc/{w.daemon.pid}/fd/{fd}").startswith("socket")
        except OSError: # closed meanwhile
            pass
    return count


# ---- beyond this computer

def a_configuration_that_would_listen_in_the_open_is_refused():
    for section, word in (("listen = 0.0.0.0:1\n", "certificate"),
                          ("listen = 0.0.0.0:1\nproxy = 10.0.0.1\n", None),
                          ("listen = here\n", "ADDRESS:PORT"),
                          ("listen = 0.0.0.0:1\nkey = k.pem\n", "go together"),
                          ("listen = 0.0.0.0:1\nproxy = here\n", "proxy's address"),
                          ("connections = 400\nthreads = 2\n", "120")):
        w = MenuWorld()
        try:
            w.config.write_text(re.sub(r"\[http\]\n(?:[^\[]*\n)?(?=\[)", "[http]\n" + section,
                                       w.config.read_text()))
            done = subprocess.run([w.build / "safard", "-c", w.config, "--check"],
                                  capture_output=True, text=True)
            said = done.stdout + done.stderr
            if (done.returncode == 0) != (word is None) or (word or "") not in said:
                raise world.Failure((section, done.returncode, said))
        finally:
            w.close()


def without_tls_or_a_proxy_nothing_listens_beyond_this_computer():
    w = _beyond(MenuWorld(), "")
    try:
        code, said = _ends(w)
        if code != 2 or "certificate" not in said or "call-backs are taken" in said:
            raise world.Failure((code, said))
    finally:
        w.close()


def with_certificate_and_key_it_is_served_by_tls_and_not_in_the_clear():
    with MenuWorld() as w:
        chain, key = _certificate(w)
        _beyond(w, f"certificate = {chain}\nkey = {key}\n").start()
        context = ssl.create_default_context(cafile=chain)
        status, page = _post(w, context=context)
        if status != 200 or not page.startswith("CON 11616"):
            raise world.Failure((status, page))
        old = ssl.create_default_context(cafile=chain)
        warnings.simplefilter("ignore", DeprecationWarning) # that they are old is the point
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        for what in (lambda: _post(w), lambda: _post(w, context=ssl.create_default_context()),
                     lambda: _post(w, context=old)):
            try:
                answer = what()
            except (OSError, ValueError): # no HTTP came back; not trusted; too old
                continue
            raise world.Failure(answer)
        if _post(w, context=context)[0] != 200:
            raise world.Failure("the others did harm")


def a_key_that_is_missing_or_no_key_is_told():
    for make in (lambda key: key.unlink(), lambda key: key.write_text("no key\n")):
        w = MenuWorld()
        try:
            chain, key = _certificate(w)
            make(key)
            _beyond(w, f"certificate = {chain}\nkey = {key}\n")
            code, said = _ends(w)
            if code == 0 or "call-backs are taken" in said or "[http]" not in said:
                raise world.Failure((code, said))
        finally:
            w.close()


def behind_a_proxy_its_word_counts_and_nobody_elses():
    links = "[link at]\ntype = ussd\ndialect = africastalking\nallow = 192.0.2.0/24\n"
    with MenuWorld(links=links) as w:
        _beyond(w, "proxy = 127.0.0.2\n").start()
        said = {"X-Forwarded-For": "192.0.2.9"}
        for source, headers, status in (("127.0.0.2", said, 200), ("127.0.0.1", said, 403),
                                        ("127.0.0.2", {}, 403), ("127.0.0.3", {}, 403),
                                        ("127.0.0.2", {"X-Forwarded-For": "198.51.100.1"}, 403),
                                        ("127.0.0.2", {"X-Forwarded-For": "x" * 100}, 403)):
            got = _post(w, source=source, headers=headers)[0]
            if got != status:
                raise world.Failure((source, headers, got))


# ---- limits

def what_is_too_large_is_refused_and_others_are_served():
    with MenuWorld().start() as w:
        if w.post("/ussd/at", FORM + "1" * 9000)[0] != 413:
            raise world.Failure("a body over the limit")
        c = http.client.HTTPConnection("127.0.0.1", w.port, timeout=20)
        c.request("POST", "/ussd/at", body=iter([b"x" * 1000] * 20), encode_chunked=True,
                  headers={"Transfer-Encoding": "chunked"})
        if c.getresponse().status != 413:
            raise world.Failure("a body over the limit, in chunks that don't tell its length")
        c.close()
        for headers in ({f"X-{i}": "y" * 200 for i in range(500)}, {"X-Long": "y" * 60000},
                        {"Cookie": "a=b; " * 10000}):
            try:
                status = _post(w, headers=headers)[0]
            except (OSError, ValueError): # cut off in the middle of it
                status = 431
            if status not in (400, 413, 431):
                raise world.Failure((status, list(headers)[:1]))
        AfricasTalking(w, "+77010000001").dial()


def what_is_no_http_is_refused_and_others_are_served():
    with MenuWorld().start() as w:
        for octets in (b"\0" * 500, b"\x16\x03\x01\x02\x00" + b"a" * 500, b"GET\r\n\r\n",
                       b"POST /ussd/at HTTP/9.9\r\n\r\n", b"POST  HTTP/1.1\r\nHost: x\r\n\r\n",
                       b"POST /ussd/at HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                       b"POST /ussd/at HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                       b"POST /ussd/at HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                       b"POST /ussd/%00%ff/%2e%2e HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", w.port), timeout=20) as s:
                s.sendall(octets)
                s.shutdown(socket.SHUT_WR)
                answer = b""
                try:
                    while piece := s.recv(4096):
                        answer += piece
                except OSError:
                    pass
                if answer and answer[9:10] != b"4" and answer[9:12] != b"505":
                    raise world.Failure((octets, answer))
        AfricasTalking(w, "+77010000001").dial()


def a_drip_of_octets_holds_no_connection():
    with MenuWorld(http="timeout = 1\n").start() as w:
        for begin in (b"", b"POST /ussd/at HTTP/1.1\r\nHost: ", b"POST /ussd/at HTTP/1.1\r\nHost: x\r\n"
                      b"Content-Length: 4000\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", w.port)) as s:
                s.send(begin)
                until("the server has enough of it", lambda: _closed(s), 10)
        AfricasTalking(w, "+77010000001").dial()


def a_thousand_at_once_are_all_answered_within_the_limit_of_connections():
    """Each keeps its connection open behind its answer, as an aggregator's pool would."""
    few, many = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, min(2048, many)), many))
    with MenuWorld(http="timeout = 600\n").start() as w, selectors.DefaultSelector() as selector:
        most, statuses, lines = 0, [], []
        for i in range(1000):
            s = socket.socket()
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", w.port))
            selector.register(s, selectors.EVENT_WRITE, i)
            lines.append(s)

        def some():
            nonlocal most
            for key, events in selector.select(1):
                if events & selectors.EVENT_WRITE:
                    form = f"sessionId=s{key.data}&phoneNumber=%2B7701{key.data:07}&text="
                    key.fileobj.send(f"POST /ussd/at HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form)}"
                                     f"\r\n\r\n{form}".encode())
                    selector.modify(key.fileobj, selectors.EVENT_READ, key.data)
                else:
                    statuses.append(key.fileobj.recv(4096)[9:12])
                    selector.unregister(key.fileobj)
            most = max(most, _sockets(w))
            return len(statuses) == 1000
        until("all are answered", some, 60) # with a timeout of 600 s none was waited out
        for s in lines:
            s.close()
        if set(statuses) != {b"200"} or most > 240 + 10: # and what the daemon has besides
            raise world.Failure((set(statuses), most))
        AfricasTalking(w, "+77010000001").dial()


def those_who_say_nothing_keep_nobody_out_for_long():
    with MenuWorld(http="timeout = 1\nthreads = 1\nconnections = 20\n").start() as w:
        silent = [socket.create_connection(("127.0.0.1", w.port)) for _ in range(40)]
        AfricasTalking(w, "+77010000001").dial() # as soon as the first of them are put out
        for s in silent:
            s.close()
