"""Reads what the sample of notices writes and sends, with parsers and servers that nobody here wrote."""

import base64
import email
import email.policy
import http.server
import json
import logging
import pathlib
import socket
import ssl
import subprocess
import sys
import threading

import dkim
import feedparser
import icalendar
from aiosmtpd.controller import Controller
from lxml import etree
from standardwebhooks import Webhook, WebhookVerificationError

# The refused handshake below is meant to fail.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
SAMPLE, SCRATCH = sys.argv[1], pathlib.Path(sys.argv[2])
OUT = SCRATCH / "notices"
DATES = ("announce", "deprecate", "close", "brownouts", "sunset", "remove")
CHECKS = []


def check(what, holds, found=None):
    CHECKS.append((what, bool(holds)))
    if not holds:
        print(f"FAILED {what}: {found!r}"[:2000])


class Box:
    """Keeps each mail as the server took it."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 kept"


class Hooks(http.server.BaseHTTPRequestHandler):
    taken = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Hooks.taken.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


def mail_server(box, **options):
    """A running server and its port; this version of it cannot choose one itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port, **options)
    server.start()
    return server, port


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def key_pair(kind, name):
    """A private key as a file, and its public half as a DNS record holds it (RFC 6376, RFC 8463)."""
    pem = SCRATCH / f"{name}.pem"
    options = ["-pkeyopt", "rsa_keygen_bits:2048"] if kind == "rsa" else []
    openssl("genpkey", "-algorithm", kind.upper() if kind == "rsa" else "ed25519", *options, "-out", str(pem))
    public = openssl("pkey", "-in", str(pem), "-pubout", "-outform", "DER")
    value = public if kind == "rsa" else public[-32:]
    return pem, f"v=DKIM1; k={kind}; p={base64.b64encode(value).decode()}".encode()


def run_sample(*arguments):
    return subprocess.run([SAMPLE, str(OUT), *arguments], capture_output=True, text=True)


def mails():
    box = Box()
    server, port = mail_server(box)
    address = f"smtp://127.0.0.1:{port}"
    for kind in ("rsa", "ed25519"):
        pem, record = key_pair(kind, kind)
        ran = run_sample("--smtp", address, "dev@example.com", "--dkim", str(pem))
        check(f"mail sent ({kind})", ran.returncode == 0, ran.stderr)
        content = box.mails[-1][2] if box.mails else b""
        ok = dkim.verify(content, dnsfunc=lambda name, timeout=5: record)
        check(f"DKIM signature verified ({kind})", ok)
        broken = content.replace(b"dev@example.com", b"eve@example.com", 1)
        check(f"DKIM refuses a changed mail ({kind})", not dkim.verify(broken, dnsfunc=lambda name, timeout=5: record))
    server.stop()
    if box.mails:
        one_mail(*box.mails[-1])


def one_mail(sender, receivers, content):
    mail = email.message_from_bytes(content, policy=email.policy.default)
    check("envelope", (sender, receivers) == ("api@example.com", ["dev@example.com"]), (sender, receivers))
    check("mail has no defect", not mail.defects and not any(p.defects for p in mail.walk()), mail.defects)
    check("sender's name", mail["from"].addresses[0].display_name == "Zahlungen-API", mail["from"])
    domain = mail["message-id"].strip("<>").split("@")
    check("message id is the notice's", domain[0].startswith("ntc_") and domain[1] == "example.com", domain)
    check("thread is the rollout's", mail["in-reply-to"].startswith("<roll_") and mail["references"] == mail["in-reply-to"])
    check("auto-submitted", mail["auto-submitted"] == "auto-generated")
    check("one-click", mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click", mail["list-unsubscribe-post"])
    check("unsubscribe is one https link", mail["list-unsubscribe"].startswith("<https://") and mail["list-unsubscribe"].endswith(">"))
    check("both are signed", b"list-unsubscribe:list-unsubscribe-post" in content)
    plain = mail.get_body(("plain",)).get_content()
    markup = mail.get_body(("html",)).get_content()
    check("html is well formed", len(etree.HTML(markup)) > 0)
    expected = json.loads((OUT / "now" / "dates.json").read_text())
    for name in DATES:
        check(f"mail says {name}", expected[name] in plain and expected[name] in markup, plain)
    check("personal", "123,456 calls would break" in plain and "K\u00fcstrel Food" in plain, plain)
    check("nobody else", "Nimbus" not in plain + markup)
    calendars = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    check("a calendar is attached", len(calendars) == 1)
    if calendars:
        calendar(calendars[0].get_content(), expected, "attached", 1)


def refuses_bad_certificates():
    pem, cert = SCRATCH / "tls.pem", SCRATCH / "tls.crt"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(pem), "-out", str(cert),
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, pem)
    box = Box()
    server, port = mail_server(box, tls_context=context)
    ran = run_sample("--smtp", f"starttls://localhost:{port}", "dev@example.com")
    check("a certificate that nobody signed is refused", ran.returncode != 0 and not box.mails, ran.stderr)
    plain, port = mail_server(box)
    ran = run_sample("--smtp", f"starttls://localhost:{port}", "dev@example.com")
    check("a server without STARTTLS is refused", ran.returncode != 0 and not box.mails, ran.stderr)
    server.stop()
    plain.stop()


def calendar(text, expected, name, brownouts):
    cal = icalendar.Calendar.from_ical(text)
    check(f"{name}: method", str(cal["method"]) == "PUBLISH")
    events = {str(event["uid"]): event for event in cal.walk("VEVENT")}
    days = {}
    for uid, event in events.items():
        start = event["dtstart"].dt
        if not hasattr(start, "hour"):
            days[uid.split("-", 1)[1].split("@")[0]] = start.isoformat()
    check(f"{name}: the dates are the plan's", days == expected, days)
    check(f"{name}: brownouts", len(events) - len(days) == brownouts, list(events))
    return events


def calendars():
    expected = {name: json.loads((OUT / name / "dates.json").read_text()) for name in ("now", "moved", "aborted")}
    read = {name: calendar((OUT / name / "calendar.ics").read_bytes(), expected[name], name, 2) for name in expected}
    check("a move keeps every uid", read["now"].keys() == read["moved"].keys() == read["aborted"].keys())
    for uid, before in read["now"].items():
        after, off = read["moved"][uid], read["aborted"][uid]
        check(f"{uid}: sequence rises", before["sequence"] < after["sequence"] and before["sequence"] < off["sequence"])
        check(f"{uid}: called off", str(off["status"]) == "CANCELLED" and str(before["status"]) == "CONFIRMED")
        check(f"{uid}: alarm", [str(a["action"]) for a in before.walk("VALARM")] == ["DISPLAY"])
        check(f"{uid}: summary is whole", "<new & better>; see \"guide\"" in str(before["summary"]), str(before["summary"]))
    sunset = next(uid for uid in read["now"] if "-sunset@" in uid)
    check("the sunset moved", read["now"][sunset]["dtstart"].dt < read["moved"][sunset]["dtstart"].dt)
    for name in ("now", "moved", "aborted"):
        for file in ("calendar.ics", "own.ics"):
            lines = (OUT / name / file).read_bytes().split(b"\r\n")
            check(f"{name} {file}: lines of 75 octets", all(len(line) <= 75 and b"\n" not in line for line in lines))


def feeds():
    for file in ("changelog.atom", "own.atom"):
        path = OUT / "now" / file
        tree = etree.parse(str(path))
        atom = "{http://www.w3.org/2005/Atom}"
        for element in ("id", "title", "updated", "author", "link"):
            check(f"{file}: {element}", tree.find(atom + element) is not None)
        read = feedparser.parse(str(path))
        check(f"{file}: read", not read.bozo and read.version == "atom10" and len(read.entries) == 1, read.get("bozo_exception"))
        entry = read.entries[0]
        check(f"{file}: entry", entry.id.startswith("urn:towpath:notice:ntc_") and entry.updated_parsed is not None, entry.id)
        check(f"{file}: text is whole", "<new & better>; see \"guide\"" in entry.title, entry.title)
        for day in json.loads((OUT / "now" / "dates.json").read_text()).values():
            check(f"{file}: {day}", day in entry.content[0].value)
    feed = json.loads((OUT / "now" / "own.json").read_text())
    check("JSON Feed 1.1", feed["version"] == "https://jsonfeed.org/version/1.1" and {"id", "content_html"} <= feed["items"][0].keys())


def webhooks():
    server = http.server.HTTPServer(("127.0.0.1", 0), Hooks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ran = run_sample("--webhook", f"http://127.0.0.1:{server.server_port}/hook")
    server.shutdown()
    check("webhook sent", ran.returncode == 0 and len(Hooks.taken) == 1, ran.stderr)
    if not Hooks.taken:
        return
    headers, body = Hooks.taken[0]
    headers = {name.lower(): value for name, value in headers.items()}
    for file in ("secret", "secret-before"):
        payload = Webhook((OUT / file).read_text()).verify(body, headers)
        check(f"signed by {file}", payload["type"] == "rollout.moved")
    for what, bad_body, bad_headers in (
        ("body", body + b" ", headers),
        ("id", body, headers | {"webhook-id": "ntc_other"}),
        ("time", body, headers | {"webhook-timestamp": "1600000000"}),
    ):
        try:
            Webhook((OUT / "secret").read_text()).verify(bad_body, bad_headers)
            check(f"a changed {what} is refused", False)
        except WebhookVerificationError:
            check(f"a changed {what} is refused", True)
    check("below 20 KB", len(body) < 20_000)


def status_pages():
    """The files as a client asks for them, served for it by the caller."""
    folder = SCRATCH / "status" / "api" / "v2"
    (folder / "scheduled-maintenances").mkdir(parents=True)
    for file in ("summary", "status", "components", "incidents", "scheduled-maintenances"):
        (folder / f"{file}.json").write_bytes((OUT / "now" / f"{file}.json").read_bytes())
    for file in ("upcoming", "active"):
        (folder / "scheduled-maintenances" / f"{file}.json").write_bytes((OUT / "now" / f"{file}.json").read_bytes())

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(SCRATCH / "status"))

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    reader = """
const { Statuspage } = require('statuspage.io');
const client = new Statuspage('page');
client.apiClient.defaults.baseURL = process.argv[1];
(async () => {
  const summary = await client.api.getSummary();
  const status = await client.api.getStatus();
  const components = await client.api.getComponents();
  const upcoming = await client.api.scheduledMaintenances.getUpcoming();
  console.log(JSON.stringify({ summary, status, components, upcoming }));
})().catch(error => { console.error(error); process.exit(1); });
"""
    ran = subprocess.run(["node", "-e", reader, f"http://127.0.0.1:{server.server_port}"],
                         cwd=SCRATCH / "npm", capture_output=True, text=True)
    server.shutdown()
    check("status client", ran.returncode == 0, ran.stderr)
    if ran.returncode != 0:
        return
    read = json.loads(ran.stdout)
    sunset = json.loads((OUT / "now" / "dates.json").read_text())["sunset"]
    planned = [one["scheduled_for"] for one in read["upcoming"]["scheduled_maintenances"]]
    check("status client: sunset and brownouts", len(planned) == 3 and f"{sunset}T00:00:00Z" in planned, planned)
    check("status client: indicator", read["status"]["status"]["indicator"] == "none")
    # The fields that the client's published types name (its interfaces/Result).
    component = {"created_at", "description", "group", "group_id", "id", "name", "only_show_if_degraded", "page_id",
                 "position", "showcase", "start_date", "status", "updated_at"}
    incident = {"created_at", "id", "impact", "incident_updates", "monitoring_at", "name", "page_id", "resolved_at",
                "shortlink", "status", "updated_at", "scheduled_for", "scheduled_until"}
    for one in read["components"]["components"]:
        check("component has every field", component <= one.keys(), component - one.keys())
    for one in read["summary"]["scheduled_maintenances"]:
        check("maintenance has every field", incident <= one.keys(), incident - one.keys())


run_sample()
mails()
refuses_bad_certificates()
calendars()
feeds()
webhooks()
status_pages()
failed = sum(1 for _, holds in CHECKS if not holds)
print(json.dumps({"checks": len(CHECKS), "failed": failed}))
sys.exit(1 if failed else 0)
