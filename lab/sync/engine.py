"""
A DOUBLE of a directory synchronization engine (Entra Connect Sync). Real: the import, which is the DirSync control against the
laboratory's directory over LDAPS with a stored cookie. Everything else is our own, after the product's documentation: the scheduler, the
order of the steps, what staging and a suspended scheduler do, export errors, the deletion threshold, and the tenant itself.

Arguments: a settings file (JSON: port, state, url, userDn, passwordFile, caFile, base, tenant).
HTTP on loopback: GET /scheduler /status /connectors /runs /object?guid=…, POST /start?policy=… /set, and for tests POST /fault /history.
"""
import json, os, sys, threading, time, urllib.parse, uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from samba.credentials import Credentials
from samba.param import LoadParm
from samba.samdb import SamDB

settings = json.load(open(sys.argv[1]))
TENANT = settings["tenant"] + " - AAD"
FOREST = settings["forest"]
WATCHED = ["objectGUID", "userPrincipalName", "proxyAddresses", "msRTCSIP-UserEnabled", "msRTCSIP-PrimaryUserAddress", "title",
           "userAccountControl", "isDeleted"]
lock = threading.RLock()
faults = {"hold": None, "busy": False, "modal": False, "fail": None}
released = threading.Event()


def utc(at=None):
    at = at or datetime.now(timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def fresh():
    return {"enabled": True, "suspended": False, "staging": False, "cookie": None, "pending": {}, "deleted": [], "tenant": {}, "runs": [],
            "threshold": 500, "next": utc(datetime.now(timezone.utc) + timedelta(minutes=30)), "policy": "Delta", "number": 0, "errors": {}}


def load():
    try:
        return json.load(open(settings["state"]))
    except FileNotFoundError:
        return fresh()


state = load()
# What a crash left running has ended.
for run in state["runs"]:
    if run["end"] is None:
        run.update(end=utc(), result="stopped-service-restart")
in_cycle = False


def save():
    """All or nothing: a reader never sees half a file."""
    with open(settings["state"] + ".new", "w") as file:
        json.dump(state, file)
    os.replace(settings["state"] + ".new", settings["state"])


def dirsync(initial):
    """One round of the real control: changed entries and the next cookie."""
    lp = LoadParm()
    lp.load_default()
    lp.set("tls cafile", settings["caFile"])
    lp.set("tls verify peer", "ca_only")
    credentials = Credentials()
    credentials.guess(lp)
    credentials.set_bind_dn(settings["userDn"])
    credentials.set_password(open(settings["passwordFile"]).read())
    db = SamDB(settings["url"], credentials=credentials, lp=lp)
    # Without flag 1 (object security): the account has the right to read changes, and sees deletions.
    control = "dirsync:1:0:1000000" + ("" if initial or state["cookie"] is None else ":" + state["cookie"])
    answer = db.search(settings["base"], expression="(&(objectClass=user)(!(objectClass=computer)))", attrs=WATCHED, controls=[control])
    cookie = next(str(item) for item in answer.controls if str(item).startswith("dirsync:")).split(":", 4)[4]
    return list(answer), cookie


def run_import(initial):
    entries, cookie = dirsync(initial)
    with lock:
        for entry in entries:
            guid = str(uuid.UUID(bytes_le=bytes(entry["objectGUID"][0])))
            if "isDeleted" in entry and str(entry["isDeleted"][0]) == "TRUE":
                state["deleted"].append(guid)
                state["pending"].pop(guid, None)
                continue
            seen = state["pending"].setdefault(guid, {})
            for name in WATCHED[1:]:
                if name in entry:
                    seen[name] = [str(value) for value in entry[name]]
        state["cookie"] = cookie
    return "success"


def run_export():
    with lock:
        if state["staging"]:
            return None
        gone = [guid for guid in state["deleted"] if guid in state["tenant"]]
        if len(gone) > state["threshold"]:
            return "stopped-deletion-threshold-exceeded"
        state["errors"] = {}
        for guid in gone:
            del state["tenant"][guid]
        for guid, values in list(state["pending"].items()):
            known = dict(state["tenant"].get(guid, {}).get("values", {}), **values)
            held = {item.lower() for item in known.get("proxyAddresses", [])}
            for other, theirs in state["tenant"].items():
                if other != guid and held & {item.lower() for item in theirs["values"].get("proxyAddresses", [])}:
                    state["errors"][guid] = "AttributeValueMustBeUnique"
            if guid in state["errors"]:
                continue
            state["tenant"][guid] = {"values": known, "exported": utc()}
            del state["pending"][guid]
        state["deleted"] = []
        return "completed-export-errors" if state["errors"] else "success"


def step(connector, profile, work):
    with lock:
        state["number"] += 1
        run = {"number": state["number"], "connector": connector, "profile": profile, "start": utc(), "end": None, "result": "in-progress"}
        state["runs"] = (state["runs"] + [run])[-60:]
        save()
    # Between two steps the connectors are idle for a moment, as on the product.
    if faults["hold"] == profile:
        released.wait(60)
    try:
        result = "stopped-server-down" if faults["fail"] == profile else work()
    except Exception as problem:
        print("step failed:", problem, flush=True)
        result = "stopped-connectivity"
    with lock:
        if result is None:
            state["runs"].remove(run)
        else:
            run.update(end=utc(), result=result)
        save()
    time.sleep(0.05)
    return result is None or not result.startswith("stopped")


def cycle(policy):
    global in_cycle
    initial = policy == "Initial"
    kind = "Full" if initial else "Delta"
    fine = lambda: "success"
    steps = [
        (FOREST, f"{kind} Import", lambda: run_import(initial)), (TENANT, f"{kind} Import", fine),
        (FOREST, f"{kind} Synchronization", fine), (TENANT, f"{kind} Synchronization", fine),
        (TENANT, "Export", run_export), (FOREST, "Export", lambda: None if state["staging"] else "success"),
    ]
    try:
        for connector, profile, work in steps:
            if not step(connector, profile, work):
                break
    finally:
        with lock:
            in_cycle = False
            state["next"] = utc(datetime.now(timezone.utc) + timedelta(minutes=30))
            save()


def start(policy):
    global in_cycle
    with lock:
        if faults["modal"]:
            return 409, "Showing a modal dialog box or form when the application is not running in UserInteractive mode is not a valid operation."
        if in_cycle or faults["busy"]:
            return 409, f"Connector: {TENANT} is busy."
        # What the product does here is not known: the double refuses.
        if state["suspended"]:
            return 409, "The scheduler is suspended."
        in_cycle = True
    threading.Thread(target=cycle, args=(policy,), daemon=True).start()
    return 200, {"result": "Success"}


def answer(method, path, query, body):
    with lock:
        if (method, path) == ("GET", "/scheduler"):
            names = {key: state[key] for key in ("enabled", "suspended", "staging", "next", "policy")}
            return 200, dict(names, inCycle=in_cycle)
        if (method, path) == ("GET", "/status"):
            running = [run for run in state["runs"] if run["end"] is None]
            return 200, [{"connector": run["connector"], "state": "Busy"} for run in running]
        if (method, path) == ("GET", "/connectors"):
            return 200, [FOREST, TENANT]
        if (method, path) == ("POST", "/history"):
            # Older runs than all others, as of a connector that has been removed.
            state["runs"] = body["runs"] + state["runs"]
            save()
            return 200, {}
        if (method, path) == ("GET", "/runs"):
            return 200, list(reversed(state["runs"]))
        if (method, path) == ("GET", "/object"):
            known = state["tenant"].get(query["guid"])
            error = state["errors"].get(query["guid"])
            return 200, None if known is None and error is None else {"exported": (known or {}).get("exported"), "error": error, "values": (known or {}).get("values", {})}
        if (method, path) == ("POST", "/set"):
            state.update({key: value for key, value in body.items() if key in ("enabled", "suspended", "staging", "threshold")})
            save()
            return 200, {}
        if (method, path) == ("POST", "/fault"):
            faults.update(body)
            if faults["hold"] is None:
                released.set()
            else:
                released.clear()
            return 200, {}
    if (method, path) == ("POST", "/start"):
        return start(query["policy"])
    return 404, "no such thing"


class Handler(BaseHTTPRequestHandler):
    def handle_any(self):
        parts = urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        query = dict(urllib.parse.parse_qsl(parts.query))
        status, said = answer(self.command, parts.path, query, body)
        raw = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = handle_any

    def log_message(self, *_):
        pass


save()
ThreadingHTTPServer(("127.0.0.1", settings["port"]), Handler).serve_forever()
