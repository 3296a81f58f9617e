#!/usr/bin/env python3
"""Verifies an exported audit log of Fixpoint with nothing but Python's standard library.

Written from docs/reference/audit-format.md alone, so that the log can be verified without the program that wrote it.

  verify_audit.py EXPORT KEYS [CHECKPOINTS]

EXPORT: the file of `fixpoint audit export`. KEYS: grant-public.json. CHECKPOINTS: checkpoints.txt.
Ends with 0 where the log is intact, 1 where it was tampered with, 3 where it is incomplete or empty; 2 for a wrong use.
"""

import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta

# Ed25519 (RFC 8032, section 5.1): verification alone, in extended coordinates.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def is_of_small_order(point):
    # Under such a key signatures verify that nobody made.
    x, y, z, _ = multiply(8, point)
    return x == 0 and y == z


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def signature_holds(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or is_of_small_order(a):
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left = multiply(s, BASE)
    right = add(r, multiply(int.from_bytes(digest, "little") % L, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def sha256(data):
    return hashlib.sha256(data).digest()


class Tree:
    """The Merkle tree of RFC 6962, as it grows: one hash for each full subtree."""

    def __init__(self):
        self.size, self.full = 0, []

    def add(self, leaf):
        node, rest = sha256(b"\x00" + leaf), self.size
        while rest % 2 == 1:
            node, rest = sha256(b"\x01" + self.full.pop() + node), rest // 2
        self.full.append(node)
        self.size += 1

    def root(self):
        node = None
        for left in reversed(self.full):
            node = left if node is None else sha256(b"\x01" + left + node)
        return sha256(b"") if node is None else node


class WrongInput(Exception):
    """The keys or the checkpoints are not what they must be: nothing is said of the log."""


class Pinned:
    """The public keys of the installation, by one name of each, with the last event for which each counts."""

    def __init__(self):
        self.keys, self.restores, self.most_restores = {}, 0, float("inf")

    def get(self, name, seq):
        """After more restores than a trusted checkpoint names the log is another one: there a revoked key counts for nothing."""
        raw, last = self.keys.get(name, (None, 0))
        return raw if (seq if self.restores <= self.most_restores else float("inf")) <= last else None


NOTE = re.compile("^(fixpoint/([0-9a-f]{16})/(\\d+)\n(\\d+)\n([^\n]+)\n)\n((?:\u2014 [^\n]*\n)+)", re.MULTILINE)


def checkpoint_of(log, restores, size, root):
    return {"log": log, "restores": int(restores), "size": int(size), "root": base64.b64decode(root)}


def read_keys(path):
    """The raw public keys, by the hash that names each in a checkpoint, and by the kid that names it in a grant; and the
    checkpoints up to which the log is trusted although the key was revoked."""
    by_hash, by_kid, trusted = Pinned(), Pinned(), []
    with open(path, encoding="utf-8") as file:
        keys = json.load(file)["keys"]
    for key in keys:
        der = base64.b64decode(re.sub(r"-----[^-]+-----|\s", "", key["publicKey"]))
        raw, last = der[-32:], float("inf")
        wrong = set(key) - {"kid", "publicKey", "revoked", "checkpoint"} or key.get("revoked", True) is not True
        if wrong or key["kid"] != sha256(der).hex()[:16] or key["kid"] in by_kid.keys:
            raise WrongInput("the key %s is not as a file of public keys has it" % key.get("kid"))
        if "revoked" in key:
            notes = [checkpoint_of(*note[1:5]) for note in NOTE.findall(key.get("checkpoint", ""))]
            last = max([note["size"] for note in notes], default=0)
            trusted += notes
        by_hash.keys[sha256(b"fixpoint-authority\n\x01" + raw)[:4]] = (raw, last)
        by_kid.keys[key["kid"]] = (raw, last)
    by_kid.most_restores = max([note["restores"] for note in trusted], default=float("inf"))
    return by_hash, by_kid, trusted


def read_checkpoints(path, by_hash):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = []
    for body, log, restores, size, root, lines in NOTE.findall(text):
        lasts = []
        for line in lines.splitlines():
            _, name, encoded = line.split(" ")
            data = base64.b64decode(encoded)
            raw, last = by_hash.keys.get(data[:4], (None, 0)) if name == "fixpoint-authority" else (None, 0)
            if raw is not None and signature_holds(raw, body.encode(), data[4:]):
                lasts.append(last)
        if not lasts:
            raise WrongInput("a checkpoint over %s events was signed by none of the keys" % size)
        # Whoever stole a key can sign any: one after its last event shows nothing.
        if int(size) > max(lasts):
            continue
        found.append(checkpoint_of(log, restores, size, root))
    return found


# The database roles that write each action; "owner" stands for every role that is none of the product's.
WRITERS = {
    "api": """job.submitted job.superseded job.cancel-requested job.cancelled job.resolved job.settled grant.revoked
        runbook.admission-requested target.admission-requested policy.admission-requested target.created target.changed
        target.deleted target.maintenance-started
        target.maintenance-ended consent.recorded token.issued token.revoked key.requested key.revoked access.denied freeze.on
        freeze.off rollout.submitted rollout.paused rollout.excluded rollout.abort-requested scan.submitted scan.ended
        schedule.created schedule.paused schedule.resumed schedule.removed schedule.missed standing.approval-requested calendar.created
        calendar.changed calendar.deleted selection.created selection.changed selection.deleted""",
    "authority": """job.decided job.decision-refused job.approved job.rejected runbook.loaded runbook.refused
        runbook.admission-refused runbook.admitted runbook.disabled runbook.revoked target.admission-refused
        policy.admission-refused policy.admitted target.created target.changed target.deleted key.registered
        key.refused rollout.decided rollout.decision-refused rollout.approved rollout.rejected rollout.wave-started
        rollout.wave-proved rollout.paused rollout.excluded rollout.resumed rollout.ended standing.approval-refused
        standing.approved standing.withdrawn job.not-covered""",
    "relay": "clock.jumped-back",
    "worker": """job.planning-started job.planned job.compliant job.scanned job.deferred job.blocked job.expired
        job.claimed job.drifted job.cancelled job.waiting job.succeeded job.failed job.unknown change.reconciled job.settled
        job.needs-attention job.rolling-back job.rolled-back job.rollback-failed job.requeued job.message-dropped
        grant.used grant.revoked change.intent change.result change.result-late runbook.loaded runbook.refused""",
    "owner": """job.blocked job.unknown grant.revoked token.issued token.revoked schedule.paused record.restored
        values.erased""",
}
WRITES = {writer: set(actions.split()) for writer, actions in WRITERS.items()}


def writes(role, action):
    prefix = "fixpoint_"
    if not role.startswith(prefix):
        return action in WRITES["owner"]
    writer = role[len(prefix):]
    return writer != "owner" and action in WRITES.get(writer, ())


def utf8(text):
    """The bytes of a text; half a character of JSON (a lone surrogate) is written as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def number_text(number):
    """A number as ECMAScript writes it, which RFC 8785 demands: the fewest digits, an exponent from 1e21 on and below 1e-6."""
    if number == 0:
        return "0"
    mantissa, _, power = repr(abs(number)).partition("e")
    whole, _, part = mantissa.partition(".")
    point = len(whole) + int(power or 0)
    digits = (whole + part).lstrip("0")
    point -= len(whole + part) - len(digits)
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        text = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        tail = "." + digits[1:] if len(digits) > 1 else ""
        text = "%s%se%+d" % (digits[0], tail, point - 1)
    return "-" + text if number < 0 else text


SURROGATE = re.compile("[\ud800-\udfff]")


def canonical(value):
    """The text of RFC 8785. Raises ValueError for what has none."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        if SURROGATE.search(value):
            raise ValueError("half a character")
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[%s]" % ",".join(canonical(each) for each in value)
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{%s}" % ",".join(canonical(name) + ":" + canonical(value[name]) for name in names)
    if value in (float("inf"), float("-inf")):
        raise ValueError("no number")
    return number_text(value)


def no_number(text):
    raise ValueError("%s is no JSON" % text)


def read_json(text):
    """Every number as the double that it is. Raises ValueError for what is no JSON."""
    try:
        return json.loads(text, parse_int=float, parse_constant=no_number)
    except RecursionError:
        raise ValueError("too deep")


def read_canonical(text):
    """The value of a canonical text. Raises ValueError for any other text."""
    value = read_json(text)
    try:
        if canonical(value) == text:
            return value
    except RecursionError:
        pass
    raise ValueError("not in canonical form")


def is_event(value):
    if not isinstance(value, dict) or not isinstance(value.get("v"), float) or value["v"] != 1:
        return False
    actor = value.get("actor")
    if not isinstance(actor, dict) or not isinstance(value.get("data"), dict):
        return False
    texts = [value.get(name) for name in ("eventId", "action", "outcome", "at")] + [actor.get("id"), actor.get("name")]
    texts += [value.get(name, 0) for name in ("job", "target") if value.get(name, 0) is not None]
    return all(isinstance(each, str) for each in texts) and isinstance(actor.get("roles"), list)


def read_event(text):
    """The event of a canonical text; None for any other text."""
    try:
        value = read_canonical(text)
    except ValueError:
        return None
    return value if is_event(value) else None


def unbase64(text):
    """The bytes of base64 in its one form, with its padding; none of any other text."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def signed_by(by_kid, seq, kid, label, text, signature):
    raw = by_kid.get(kid, seq)
    return raw is not None and signature_holds(raw, utf8(label + "\0" + text), unbase64(signature))


def statement_in(by_kid, seq, kid, label, text, signature, versions=(1,), names_key=True):
    """What a grant key signed, where the signature holds and the text is canonical, of its version and of that key; otherwise None."""
    if not signed_by(by_kid, seq, kid, label, text, signature):
        return None
    try:
        value = read_canonical(text)
    except ValueError:
        return None
    return value if value.get("v") in versions and (not names_key or value.get("kid") == kid) else None


NEVER, ALWAYS = float("inf"), float("-inf")
TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z")
EPOCH = datetime(1970, 1, 1)


def moment(text, otherwise):
    """Milliseconds of a time of the form yyyy-MM-ddTHH:mm:ss.fffZ; `otherwise` for any other text."""
    if not TIME.fullmatch(text):
        return otherwise
    try:
        return (datetime.fromisoformat(text[:-1]) - EPOCH) // timedelta(milliseconds=1)
    except ValueError:
        return otherwise


# The time between two clocks, or between a look at something and what is written of it (milliseconds).
APART = 600_000


# Before the 32 bytes of a key in DER.
ED25519 = bytes.fromhex("302a300506032b6570032100")


class Keys:
    """The keys of persons, as the log registers and revokes them."""

    def __init__(self):
        self.by_id, self.by_kid, self.revoked = {}, {}, {}

    def add(self, key):
        self.by_id[key["id"]] = self.by_kid[key["kid"]] = key

    def signed(self, key, person, kid, at, label, said, signature):
        if key is None or key["person"] != person or key["kid"] != kid:
            return False
        if self.revoked.get(key["id"], NEVER) + APART < at:
            return False
        message = label + "\0" + canonical(said)
        raw = unbase64(key["publicKey"])
        return raw[:-32] == ED25519 and signature_holds(raw[-32:], message.encode(), unbase64(signature))


def decision_holds(keys, proof, person, at, facts, label="fixpoint-decision-v1"):
    said = {name: proof[name] for name in ("at", "nonce", "executeBy", "onFailure")}
    said.update(facts)
    key = keys.by_id.get(proof["registration"])
    return keys.signed(key, person, proof["kid"], at, label, said, proof["signature"])


def approval_holds(keys, grant, each):
    """Whether an approver signed the plan of a grant, or the list of the rollout that the plan is in."""
    person, at = each["person"]["id"], moment(each["decidedAt"], NEVER)
    facts = {"decision": "approve", "reasonDigest": each["reasonSha256"]}
    if "rollout" not in grant:
        facts.update({"job": grant.get("job"), "planDigest": grant.get("planSha256")})
        return decision_holds(keys, each["proof"], person, at, facts)
    rollout = grant["rollout"]
    facts.update({"rollout": rollout["id"], "request": rollout["requestSha256"]})
    facts.update({name: rollout[name] for name in ("root", "count")})
    return decision_holds(keys, each["proof"], person, at, facts, "fixpoint-rollout-decision-v1")


HASH = re.compile("[0-9a-f]{64}")


def climbed(leaf, at, size, steps):
    """The root to which a leaf and the hashes beside its way lead, the last of them first; None where there are too few."""
    if size == 1:
        return leaf
    half = 1 << ((size - 1).bit_length() - 1)
    side = steps.pop() if steps else None
    below = climbed(leaf, at, half, steps) if at < half else climbed(leaf, at - half, size - half, steps)
    if side is None or below is None:
        return None
    return sha256(b"\x01" + (below + side if at < half else side + below))


def is_in_its_list(grant):
    """Whether the plan of a grant is in the list that its approvals are over; so it is of a single job."""
    if "rollout" not in grant:
        return True
    rollout = grant["rollout"]
    root, steps, place, count = [rollout[name] for name in ("root", "proof", "position", "count")]
    if not all(HASH.fullmatch(each) for each in [root] + steps):
        return False
    if not place.is_integer() or not count.is_integer() or not 0 <= place < count < 2**53:
        return False
    said = {"index": rollout["index"], "job": grant["job"], "plan": grant["planSha256"], "count": count}
    leaf = sha256(b"\x00" + utf8("fixpoint-rollout-plan-v1\0" + canonical(said)))
    left = [bytes.fromhex(each) for each in steps]
    return climbed(leaf, int(place), int(count), left) == bytes.fromhex(root) and not left


def signature_problems(seq, at, event, by_kid, keys, grant):
    data, action = event["data"], event["action"]
    if action == "key.revoked":
        # The earliest counts; at no time is from the start.
        revoked, key = keys.revoked, data.get("key")
        revoked[key] = min(revoked.get(key, NEVER), moment(event["at"], ALWAYS))
    if action == "key.registered":
        text = data.get("registration", "")
        signature = data.get("signature", "")
        key = statement_in(by_kid, seq, data.get("signedBy", ""), "fixpoint-person-key-v1", text, signature,
                           names_key=False)
        if key is None or hashlib.sha256(unbase64(key["publicKey"])).hexdigest()[:32] != key["kid"]:
            return ["the key has no valid registration"]
        if [key["id"], key["person"], key["kid"]] != [data.get("key"), data.get("person"), data.get("kid")]:
            return ["the registration is that of another key"]
        keys.add(key)
    if action == "job.rejected" and data.get("proof", {}).get("kind") == "key":
        facts = {"job": event["job"], "planDigest": data.get("planSha256"), "decision": "reject"}
        facts["reasonDigest"] = data.get("reasonSha256")
        if not decision_holds(keys, data["proof"], event["actor"]["id"], at, facts):
            return ["the decision is not what its person signed"]
    if grant is not None:
        found = [] if is_in_its_list(grant) else ["the plan is not in the list that was approved"]
        signed = [each for each in grant.get("approvals", []) if each["proof"]["kind"] == "key"]
        return found + ["the decision is not what its person signed" for each in signed
                        if not approval_holds(keys, grant, each)]
    return []


def word_holds(keys, admission, each, decision):
    """Whether one of the people of an admission said so, of exactly this version."""
    proof = each["proof"]
    if proof["kind"] == "token":
        return proof["tokenId"] != ""
    runbook = admission["runbook"]
    said = {"kind": "admit", "runbook": runbook["id"], "contentDigest": runbook["contentSha256"],
            "before": admission["before"], "decision": decision, "reasonDigest": each["reasonSha256"],
            "nonce": proof["nonce"], "at": proof["at"]}
    key, person = keys.by_kid.get(proof["kid"]), each["person"]["id"]
    label, at = "fixpoint-admission-vote-v1", moment(each["decidedAt"], NEVER)
    return keys.signed(key, person, proof["kid"], at, label, said, proof["signature"])


def subject_word_holds(keys, statement, kind, each, decision):
    """Whether one of the people of a statement about a target, the policy or a standing approval said so, of exactly what the request was for."""
    proof = each["proof"]
    if proof["kind"] == "token":
        return proof["tokenId"] != ""
    said = {"kind": kind, "contentDigest": statement["request"]["contentDigest"], "decision": decision,
            "reasonDigest": each["reasonSha256"], "nonce": proof["nonce"], "at": proof["at"]}
    key, person = keys.by_kid.get(proof["kid"]), each["person"]["id"]
    label, at = "fixpoint-%s-vote-v1" % statement["subject"], moment(each["decidedAt"], NEVER)
    return keys.signed(key, person, proof["kid"], at, label, said, proof["signature"])


class Subjects:
    """The targets, the policy and the standing approvals, as the log says which forms of them people admitted."""

    ACTIONS = ("target.created", "target.changed", "target.deleted", "policy.admitted", "standing.approved",
               "standing.withdrawn")

    def __init__(self):
        self.ids, self.forms, self.groups, self.ended, self.latest = set(), {}, {}, set(), 0
        # Schedules and their instants for which a grant was given under a standing approval.
        self.instants = set()

    def problems(self, seq, at, event, by_kid, keys, grant):
        self.latest = max(self.latest, moment(event["at"], 0))
        if grant is not None:
            return self.approve(at, grant)
        if event["action"] not in self.ACTIONS:
            return []
        if "admission" in event["data"]:
            return self.admit(seq, event, by_kid, keys)
        always = event["action"] in ("policy.admitted", "standing.approved", "standing.withdrawn")
        known = always or event["data"].get("targetId") in self.forms
        return ["has no admission, though it is about something that was admitted"] if known else []

    def admit(self, seq, event, by_kid, keys):
        data, found = event["data"], []
        text, signature, kid = data["admission"], data.get("signature", ""), data.get("kid", "")
        statement = statement_in(by_kid, seq, kid, "fixpoint-subject-admission-v1", text, signature)
        if statement is None:
            return ["the admission does not hold"]
        request, subject = statement["request"], statement["subjectId"]
        said = [data.get(name) for name in ("before", "after", "request", "kid")]
        other = said != [statement["before"], statement["sha256"], request["id"], statement["kid"]]
        if statement["subject"] != "policy":
            names = ("schedule", "name") if statement["subject"] == "standing" else ("targetId", "targetName")
            other = other or [data.get(name) for name in names] != [subject, statement["name"]]
        if other:
            found.append("the admission is that of another form")
        if statement["id"] in self.ids:
            found.append("the log has another admission with that id")
        self.ids.add(statement["id"])
        forms = self.forms.setdefault(subject, [])
        if forms:
            last = forms[-1]
            last["until"] = moment(event["at"], ALWAYS)
            # What a key signed that was revoked by then is no form any more: the next one follows none.
            gone = statement["before"] is None and by_kid.get(last["kid"], seq) is None
            if not gone and last["sha256"] != statement["before"]:
                found.append("the admission does not follow the form before it")
        forms.append({"sha256": statement["sha256"], "until": NEVER, "kid": statement["kid"]})
        # What was signed says when, whatever time its event has.
        at = min(moment(event["at"], ALWAYS), moment(statement["signedAt"], ALWAYS))
        return found + self.gather(statement, at, keys)

    def gather(self, statement, at, keys):
        request = statement["request"]
        if request["id"] in self.ended:
            return ["the request had been put into effect before"]
        members = self.groups.get(request["id"], (at, []))[1] + [statement]
        if request["index"] != len(members) - 1:
            return ["the admission is not the next one of its request"]
        if len(members) < request["count"]:
            self.groups[request["id"]] = (at, members)
            return []
        self.groups.pop(request["id"], None)
        self.ended.add(request["id"])
        if statement["subject"] == "policy":
            step = canonical({"after": statement["sha256"], "before": statement["before"]})
            content = hashlib.sha256(("fixpoint-policy-change-v1\0" + step).encode()).hexdigest()
            kind = "admit-policy"
        elif statement["subject"] == "standing":
            step = {"after": statement["sha256"], "before": statement["before"], "schedule": statement["subjectId"]}
            content = hashlib.sha256(utf8("fixpoint-standing-v1\0" + canonical(step))).hexdigest()
            kind = "withdraw-standing" if statement["sha256"] is None else "approve-standing"
        else:
            changes = [{"id": each["subjectId"], "before": each["before"], "after": each["sha256"]} for each in members]
            content = hashlib.sha256(("fixpoint-target-changes-v1\0" + canonical(changes)).encode()).hexdigest()
            kind = "remove-targets" if statement["sha256"] is None else "admit-targets"
        if content != request["contentDigest"]:
            return ["the people signed for other forms"]
        by = statement["by"]
        needed = 1 if kind in ("remove-targets", "withdraw-standing") else 2
        if len(by) != needed or len({each["person"]["id"] for each in by}) != needed:
            return ["the admission does not name the people that it needs"]
        pairs = zip(by, ("request", "confirm"))
        return ["the word of one of its people does not hold" for each, decision in pairs
                if not subject_word_holds(keys, statement, kind, each, decision)]

    def counted(self, subject, sha256, at):
        """Whether this form of a subject counted at that time, or within the ten minutes before."""
        return any(form["sha256"] == sha256 and form["until"] + APART >= at for form in self.forms.get(subject, []))

    def approve(self, at, grant):
        found, target = [], grant.get("target", {}).get("id")
        if "standing" in grant:
            standing = grant["standing"]
            instant = (standing["schedule"], standing["instant"])
            if instant in self.instants:
                found.append("the grant is for an instant that another grant used up")
            self.instants.add(instant)
            if not self.counted(standing["schedule"], standing["envelopeSha256"], at):
                found.append("the grant is under a standing approval that did not count")
        if target in self.forms and not self.counted(target, grant.get("targetSha256"), at):
            found.append("the grant is for a target in another form than the admitted one")
        return found

    def unfinished(self):
        return [request for request, (at, _) in self.groups.items() if at + APART < self.latest]


class Admissions:
    """What may run, as the log says it: each admission with its version and the event that ended it."""

    def __init__(self):
        self.known, self.planning, self.planned, self.granted, self.nonces = {}, {}, {}, {}, set()

    def problems(self, seq, at, event, by_kid, keys, grant):
        data, action, job = event["data"], event["action"], event["job"]
        if action == "runbook.admitted":
            return self.admit(seq, data, by_kid, keys)
        if action in ("runbook.disabled", "runbook.revoked"):
            self.end(seq, event)
        if action == "job.planning-started":
            self.planning[job] = seq
        if action == "job.planned" and "admission" in data:
            return self.plan(seq, job, data)
        if grant is not None:
            return self.approve(seq, at, event, by_kid, grant)
        if action == "job.claimed" and data.get("jti") in self.granted:
            return self.not_in_force(seq, by_kid, self.granted[data["jti"]], at)
        return []

    def admit(self, seq, data, by_kid, keys):
        text, signature = data.get("admission", ""), data.get("signature", "")
        admission, found = statement_in(by_kid, seq, data.get("kid", ""), "fixpoint-admission-v1", text, signature), []
        if admission is None:
            return ["the admission does not hold"]
        runbook, by = admission["runbook"], admission["by"]
        said = [data.get(name) for name in ("runbook", "version", "contentSha256", "how")]
        if said != [runbook["id"], runbook["version"], runbook["contentSha256"], by["how"]]:
            found.append("the admission is that of another version")
        if admission["id"] in self.known:
            found.append("the log has another admission with that id")
        else:
            self.known[admission["id"]] = {"runbook": runbook, "ended": None, "kid": admission["kid"]}
        if by["how"] == "development":
            return found
        people = by["people"]
        for each in people:
            proof = each["proof"]
            if proof["kind"] != "key":
                continue
            once = (proof["kid"], proof["nonce"])
            if once in self.nonces:
                found.append("a signature was used before")
            self.nonces.add(once)
        if len(people) != 2 or people[0]["person"]["id"] == people[1]["person"]["id"]:
            return found + ["the admission does not name two different people"]
        pairs = zip(people, ("request", "confirm"))
        return found + ["the word of one of its people does not hold" for each, decision in pairs
                        if not word_holds(keys, admission, each, decision)]

    def end(self, seq, event):
        data = event["data"]
        for each in self.known.values():
            runbook, ended = each["runbook"], each["ended"]
            if runbook["id"] != data.get("runbook") or data.get("contentSha256") not in (None, runbook["contentSha256"]):
                continue
            # The earliest counts; at no time is from the start.
            first = {"seq": seq, "at": NEVER} if ended is None else ended
            each["ended"] = {"seq": first["seq"], "at": min(first["at"], moment(event["at"], ALWAYS))}

    def plan(self, seq, job, data):
        admission = data["admission"]
        self.planned[job] = (data.get("planSha256"), admission)
        under = self.known.get(admission)
        if under is None:
            return ["the plan names an admission that is not in the log before it"]
        ended = under["ended"]
        if ended is not None and ended["seq"] < self.planning.get(job, seq):
            return ["the plan names an admission that had ended"]
        return []

    def not_in_force(self, seq, by_kid, content, at):
        if not self.known:
            return []
        of_it = [each for each in self.known.values() if each["runbook"]["contentSha256"] == content]
        if not of_it:
            return ["no admission in the log before it is for this version of the runbook"]
        # Of a key that was revoked by then: nothing that it signed lets anything run.
        counted = [each["ended"] for each in of_it if by_kid.get(each["kid"], seq) is not None]
        if not counted:
            return ["the admissions of this version are signed by a key that was revoked"]
        last = max(NEVER if ended is None else ended["at"] for ended in counted)
        return ["the admissions of this version had ended"] if last + APART < at else []

    def approve(self, seq, at, event, by_kid, grant):
        content = grant.get("runbook", {}).get("contentSha256", "")
        self.granted[grant.get("jti")] = content
        plan, admission = self.planned.get(event["job"], (None, None))
        under = self.known.get(admission) if plan == grant.get("planSha256") else None
        other = under is not None and under["runbook"]["contentSha256"] != content
        found = ["the grant is for another version than the admission that its plan names"] if other else []
        return found + self.not_in_force(seq, by_kid, content, at)


# The members of `data` that the rules read. One that is there is a text; one with a question mark may be null too.
STATEMENT = "admission signature kid"
SUBJECT = "before? after? request " + STATEMENT
TARGET = "targetId targetName " + SUBJECT
STANDING = "schedule name " + SUBJECT
READ = {
    "job.planned": "admission planSha256", "job.approved": "grant signature kid jti planSha256",
    "job.rejected": "planSha256 reasonSha256", "job.claimed": "jti", "grant.used": "jti", "change.intent": "jti",
    "key.registered": "key person kid registration signature signedBy", "key.revoked": "key",
    "runbook.admitted": "runbook version contentSha256 how " + STATEMENT,
    "runbook.disabled": "runbook contentSha256?", "runbook.revoked": "runbook contentSha256?",
    "target.created": TARGET, "target.changed": TARGET, "target.deleted": TARGET, "policy.admitted": SUBJECT,
    "standing.approved": STANDING, "standing.withdrawn": STANDING,
    "rollout.submitted": "rollout rolloutSha256",
    "rollout.approved": "rollout rolloutSha256 root grant signature kid jti",
    "rollout.rejected": "rollout rolloutSha256 root reasonSha256",
    "rollout.paused": "rollout pause stop code", "rollout.resumed": "rollout grant",
    "rollout.wave-started": "rollout", "rollout.wave-proved": "rollout",
}
# The same of a proof whose kind is `key`; all of them are there.
PROOF = "kid nonce at signature registration executeBy? onFailure?"


def unlike(names, members):
    """Those of the named members that are not what they are to be."""
    found = []
    for each in names.split():
        name, value = each.rstrip("?"), members.get(each.rstrip("?"), 0)
        if not isinstance(value, str) and not (name != each and value is None):
            found.append(name)
    return found


def shape_problem(event):
    data, action = event["data"], event["action"]
    for name in unlike(READ.get(action, ""), data):
        if name in data:
            return "has a %s that is no text" % name
    if action not in ("job.rejected", "rollout.rejected") or "proof" not in data:
        return None
    return None if is_proof(data["proof"]) else "has a proof that is none"


def is_proof(proof):
    whole = isinstance(proof, dict) and isinstance(proof.get("kind"), str)
    return whole and (proof["kind"] != "key" or not unlike(PROOF, proof))


def is_list_of(value, kind):
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def is_signed_resume(value):
    if not isinstance(value, dict) or not isinstance(value.get("person"), dict):
        return False
    texts = [value["person"].get("id"), value.get("decidedAt"), value.get("reasonSha256")]
    lists = is_list_of(value.get("ends"), str) and is_list_of(value.get("exclude"), float)
    return is_list_of(texts, str) and lists and is_proof(value.get("proof"))


def last_positions(waves, count):
    """For each wave the position after its last one. A wave for which no item is left is not there."""
    found, at = [], 0
    for wave in waves:
        size = wave["size"]
        percent = re.fullmatch("([1-9][0-9]?|100)%", size) if isinstance(size, str) else None
        many = size if isinstance(size, float) else count if percent is None else -(-count * int(percent.group(1)) // 100)
        to = min(count, at + many)
        if to != at:
            found.append((to, wave))
        at = to
    return found


def wave_at(grant, position):
    """The number of the wave that has this position; -1 where none has."""
    for number, (to, _) in enumerate(last_positions(grant["declaration"]["waves"], grant["count"])):
        if 0 <= position < to:
            return number
    return -1


class Rollouts:
    """What people approved as a list, and how far it was carried out."""

    def __init__(self):
        self.submitted, self.approved, self.children, self.gates, self.persons = {}, {}, {}, {}, set()

    def problems(self, seq, at, writer, event, by_kid, keys, grant):
        """The first thing that is wrong with an event; of an approval every signature."""
        data, action = event["data"], event["action"]
        rollout = data.get("rollout", "")
        if grant is not None:
            return self.start(grant, event["job"] or "")
        if action == "rollout.submitted":
            self.submitted.setdefault(rollout, (data.get("rolloutSha256", ""), event["actor"]["id"]))
        if action == "rollout.approved":
            return self.approve(seq, data, by_kid, keys)
        if action == "rollout.rejected":
            return self.reject(at, event, keys)
        if action == "rollout.paused":
            self.pause(writer, data)
        if action == "rollout.resumed":
            return self.resume(data, keys)
        if action == "rollout.wave-started":
            return self.begin(rollout, data.get("wave"))
        if action == "rollout.wave-proved":
            return self.prove(rollout, data.get("wave"))
        if action == "job.succeeded" and data.get("outcome") == "fixed" and event["job"] in self.children:
            of, wave = self.children[event["job"]]
            of["fixed"].add(wave)
        return []

    def approve(self, seq, data, by_kid, keys):
        rollout, jti, kid = [data.get(name, "") for name in ("rollout", "jti", "kid")]
        text, signature = data.get("grant", ""), data.get("signature", "")
        grant = statement_in(by_kid, seq, kid, "fixpoint-rollout-grant-v1", text, signature)
        if grant is None or [grant["jti"], grant["rollout"]] != [jti, rollout]:
            return ["the rollout has no valid grant"]
        said = [grant[name] for name in ("requestSha256", "root", "count")]
        if said != [data.get(name) for name in ("rolloutSha256", "root", "count")]:
            return ["the grant is for another list"]
        if rollout in self.approved:
            return ["the rollout had a grant before"]
        self.approved[rollout] = {"grant": grant, "begun": set(), "proved": 0, "fixed": set(), "passed": set()}
        requester, approvals = grant["requester"]["id"], grant["approvals"]
        if self.submitted.get(rollout) != (grant["requestSha256"], requester):
            return ["nobody submitted the rollout that was approved"]
        people = {each["person"]["id"] for each in approvals}
        needed = max(grant.get("needed", 1), 2 if grant["count"] > 10 else 1)
        if len(people) != len(approvals) or len(people) < needed or requester in people:
            return ["the grant does not name the approvers that it needs"]
        place = {"rollout": dict(zip(("requestSha256", "root", "count"), said), id=rollout)}
        return ["the decision is not what its person signed" for each in approvals
                if each["proof"]["kind"] == "key" and not approval_holds(keys, place, each)]

    def start(self, grant, job):
        """A job is started under the grant of its rollout, in a wave that has begun."""
        if "rollout" not in grant:
            return []
        place = grant["rollout"]
        of = self.approved.get(place["id"])
        if of is None or of["grant"]["jti"] != place["grant"]:
            return ["the grant is of a rollout that nobody approved"]
        self.children[job] = (of, place["wave"])
        parent, shared = of["grant"], ("runbook", "requester", "approvals", "onFailure")
        listed = ("requestSha256", "root", "count")
        same = [place.get(name) for name in listed] == [parent[name] for name in listed]
        if not same or [grant.get(name) for name in shared] != [parent.get(name) for name in shared]:
            return ["the grant is another one than its rollout allows"]
        if grant["executeBy"] > parent["until"]:
            return ["the grant ends after its rollout"]
        if wave_at(parent, place["position"]) != place["wave"]:
            return ["the grant is of another wave"]
        return [] if place["wave"] in of["begun"] else ["the grant is of a wave that had not begun"]

    def begin(self, rollout, wave):
        of = self.approved.get(rollout)
        if of is None:
            return ["a wave began of a rollout that nobody approved"]
        if not isinstance(wave, float) or wave != of["proved"] or wave in of["begun"]:
            return ["the wave began out of order"]
        of["begun"].add(wave)
        waves = last_positions(of["grant"]["declaration"]["waves"], of["grant"]["count"])
        asks = wave < len(waves) and waves[int(wave)][1].get("approval") is True
        return ["the wave began without its approval"] if asks and (wave, "approval-due") not in of["passed"] else []

    def prove(self, rollout, wave):
        of = self.approved.get(rollout)
        if of is None:
            return ["a wave was proved of a rollout that nobody approved"]
        if not isinstance(wave, float) or wave != of["proved"]:
            return ["the wave was proved out of order"]
        of["proved"] += 1
        holds = wave in of["fixed"] or (wave, "wave-not-proved") in of["passed"]
        return [] if holds else ["no job of the wave has fixed anything, and nobody resumed without that"]

    def pause(self, writer, data):
        gate, stop, wave = data.get("pause"), data.get("stop"), data.get("wave")
        if writer == "fixpoint_authority" and gate is not None:
            self.gates[gate] = (wave, data.get("code")) if isinstance(wave, float) else None
        elif writer == "fixpoint_api" and stop is not None:
            self.persons.add(stop)

    def resume(self, data, keys):
        of = self.approved.get(data.get("rollout", ""))
        if of is None:
            return ["is about a rollout that nobody approved"]
        ends, exclude, grant = data.get("ends"), data.get("exclude"), of["grant"]
        if not is_list_of(ends, str) or not is_list_of(exclude, float):
            return ["has pauses or items that are none"]
        if "approvals" not in data:
            # Of a version that took one person for a resume.
            found = ["the resume has no approvals"] if "needed" in grant else []
        else:
            found = self.resume_problems(data, grant, keys)
        if not found:
            of["passed"] |= {self.gates.get(each) for each in ends}
        return found

    def resume_problems(self, data, grant, keys):
        approvals, ends, exclude = data["approvals"], set(data["ends"]), set(data["exclude"])
        if not isinstance(approvals, list) or not all(is_signed_resume(each) for each in approvals):
            return ["has an approval that is none"]
        same = all(set(each["ends"]) == ends and set(each["exclude"]) == exclude for each in approvals)
        if data.get("grant") != grant["jti"] or not same:
            return ["an approval is that of another resume"]
        people = {each["person"]["id"] for each in approvals}
        gate = bool(exclude) or any(each in self.gates or each not in self.persons for each in ends)
        approvers = {each["person"]["id"] for each in grant["approvals"]}
        needed = max(grant.get("needed", len(approvers)), 2 if grant["count"] > 10 else 1) if gate else 1
        if len(people) < needed or (gate and grant["requester"]["id"] in people):
            return ["the resume does not name the approvers that it needs"]
        holds = all(self.resume_holds(keys, grant, each) for each in approvals)
        return [] if holds else ["the resume is not what was signed"]

    def resume_holds(self, keys, grant, each):
        proof, person = each["proof"], each["person"]["id"]
        if proof["kind"] != "key":
            return True
        said = {"rollout": grant["rollout"], "grant": grant["jti"], "ends": each["ends"], "exclude": each["exclude"],
                "reasonDigest": each["reasonSha256"], "nonce": proof["nonce"], "at": proof["at"]}
        key, at = keys.by_id.get(proof["registration"]), moment(each["decidedAt"], NEVER)
        return keys.signed(key, person, proof["kid"], at, "fixpoint-rollout-resume-v1", said, proof["signature"])

    def reject(self, at, event, keys):
        data = event["data"]
        proof, reason = data.get("proof", {}), data.get("reasonSha256")
        # Without what was signed it is of an earlier version.
        if reason is None or proof.get("kind") != "key":
            return []
        rollout, request = data.get("rollout", ""), data.get("rolloutSha256", "")
        if self.submitted.get(rollout, (None, None))[0] != request:
            return ["nobody submitted the rollout that was rejected"]
        facts = {"rollout": rollout, "request": request, "root": data.get("root", ""), "count": data["count"],
                 "decision": "reject", "reasonDigest": reason}
        label = "fixpoint-rollout-decision-v1"
        holds = decision_holds(keys, proof, event["actor"]["id"], at, facts, label)
        return [] if holds else ["the decision is not what its person signed"]


class Grants:
    """Who may begin what: the jobs that were submitted, the grants that were given and those that were used."""

    def __init__(self):
        self.submitted, self.approved, self.used = set(), {}, {}

    def submission(self, event):
        job = event["job"] or ""
        if event["action"] == "job.submitted":
            self.submitted.add(job)
        elif job != "" and job not in self.submitted:
            return ["is about a job that nobody submitted before"]
        return []

    def approve(self, event, grant):
        data, job, found = event["data"], event["job"] or "", []
        jti = data.get("jti", "")
        if [grant.get("job"), grant.get("jti")] != [job, jti]:
            found.append("the grant belongs to another job")
        if grant.get("planSha256") != data.get("planSha256"):
            found.append("the grant is for another plan")
        self.approved[jti] = job
        return found

    def use(self, event):
        job, jti, found = event["job"] or "", event["data"].get("jti", ""), []
        if event["action"] == "grant.used":
            if self.approved.get(jti) != job:
                found.append("a grant was used that was not issued for this job")
            if jti in self.used:
                found.append("a grant was used twice")
            self.used[jti] = job
        if event["action"] == "change.intent" and self.used.get(jti) != job:
            found.append("a change was begun without the use of a grant for this job")
        return found


class Log:
    """What the events say of one another."""

    def __init__(self, by_kid):
        self.by_kid, self.grants, self.keys = by_kid, Grants(), Keys()
        self.admissions, self.subjects, self.rollouts = Admissions(), Subjects(), Rollouts()
        # The latest time of an event by authority so far.
        self.latest = ALWAYS

    def judged_at(self, writer, event):
        """An event counts at its own time, but not long before what authority wrote before it."""
        at = max(moment(event["at"], NEVER), self.latest - APART)
        if writer == "fixpoint_authority":
            self.latest = max(self.latest, moment(event["at"], ALWAYS))
        return at

    def problems(self, seq, writer, event):
        """Whatever an event holds, the next one is looked at."""
        found = []
        try:
            self.judge(seq, writer, event, found)
        except Exception:
            found.append("holds what no rule can read")
        return [(seq, problem) for problem in found]

    def judge(self, seq, writer, event, found):
        grant, action = None, event["action"]
        at = self.judged_at(writer, event)
        if not writes(writer, action):
            found.append("was written by %s, which writes no %s" % (writer, action))
        found += self.grants.submission(event)
        misshapen = shape_problem(event)
        if misshapen is not None:
            found.append(misshapen)
            return
        if action == "job.approved":
            grant = self.grant_of(seq, event["data"])
            if grant is None:
                found.append("the approval has no valid grant")
                return
            found += self.grants.approve(event, grant)
        found += signature_problems(seq, at, event, self.by_kid, self.keys, grant)
        found += self.admissions.problems(seq, at, event, self.by_kid, self.keys, grant)
        found += self.subjects.problems(seq, at, event, self.by_kid, self.keys, grant)
        found += self.rollouts.problems(seq, at, writer, event, self.by_kid, self.keys, grant)
        found += self.grants.use(event)

    def grant_of(self, seq, data):
        text, signature = data.get("grant", ""), data.get("signature", "")
        grant = statement_in(self.by_kid, seq, data.get("kid", ""), "fixpoint-grant-v1", text, signature, (1, 2, 3))
        # Version 3 and no other is of a job of a rollout.
        return grant if grant is None or ("rollout" in grant) == (grant["v"] == 3) else None


def explained(end, size, same_log):
    """Whether a restore explains that a checkpoint does not fit: its backup was made before. One without events holds no name of a log."""
    return end is not None and end < size and (same_log or end == 0)


class NoExport(Exception):
    """The file is no export."""


def links_in(path):
    """The links of an export. A line ends at a line feed alone."""
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            line = line[:-1] if line.endswith("\n") else line
            line = line[:-1] if line.endswith("\r") else line
            if line == "":
                continue
            try:
                link = read_json(line)
                texts = [link[name] for name in ("prevHash", "hash", "writer", "event")]
                sound = all(isinstance(each, str) for each in texts) and isinstance(link["seq"], float)
                sound = sound and link["seq"].is_integer() and abs(link["seq"]) < 2**53
            except (ValueError, LookupError, TypeError):
                sound = False
            if not sound:
                raise NoExport("line %d is not an event of an export" % number)
            yield link["seq"], link["prevHash"], link["hash"], link["writer"], link["event"]


def backup_end(seq, data, restores, hashes, by_kid):
    """The event with which the backup of a restore ended, where that was signed and is one before it in this log; otherwise None."""
    head, signature, kid = data.get("head"), data.get("signature"), data.get("kid")
    if not isinstance(head, dict) or not isinstance(signature, str) or not isinstance(kid, str):
        return None
    end, link = head.get("seq"), head.get("hash")
    if not isinstance(end, float) or not end.is_integer() or not 0 <= end < len(hashes) or not isinstance(link, str):
        return None
    if link != ("" if end == 0 else hashes[int(end) - 1]):
        return None
    said = canonical({"head": {"hash": link, "seq": end}, "restores": restores})
    # One by a revoked key has to come before a trusted checkpoint: whoever has the key could make another.
    place = seq if restores < by_kid.most_restores else float("inf")
    return end if signed_by(by_kid, place, kid, "fixpoint-restore-v1", said, signature) else None


def verify(path, by_kid, checkpoints):
    problems, roots, restores, hashes, broken = [], {}, [], [], None
    log, tree, head, first, due = Log(by_kid), Tree(), "0" * 64, None, 0
    wanted = {each["size"] for each in checkpoints}
    for seq, before, claimed, writer, text in links_in(path):
        sound = len(problems)
        due += 1
        if seq != due:
            problems.append((seq, "has another number than %s" % number_text(due)))
        due = seq
        if before != head:
            problems.append((seq, "does not follow the event before it"))
        digest = hashlib.sha256(utf8(text)).hexdigest()
        bound = "fixpoint-chain-v1\0%s\n%s\n%s\n%s" % (number_text(seq), before, writer, digest)
        head = claimed
        if hashlib.sha256(utf8(bound)).hexdigest() != head:
            problems.append((seq, "is not what was chained"))
        first = first or head
        hashes.append(head)
        tree.add(utf8("%s\n%s" % (writer, text)))
        if tree.size in wanted:
            roots[tree.size] = tree.root()
        event = read_event(text)
        if event is None:
            problems.append((seq, "is not an event in canonical form"))
        # What does not hold by itself names its place; a chain that was hashed anew shows against a checkpoint alone.
        if broken is None and len(problems) > sound:
            broken = seq
        if event is None:
            continue
        if event["action"] == "record.restored":
            restores.append(backup_end(seq, event["data"], len(restores), hashes, by_kid))
            by_kid.restores = len(restores)
        problems += log.problems(seq, writer, event)
    missing, ranges, covered = [], [], 0
    for each in sorted(checkpoints, key=lambda one: one["size"]):
        size, number, same_log = each["size"], each["restores"], first is not None and first[:16] == each["log"]
        if same_log and roots.get(size) == each["root"]:
            covered = size
        elif explained(restores[number] if number < len(restores) else None, size, same_log):
            continue
        elif size > tree.size:
            missing = ["a checkpoint covers %d events, and the log has %d" % (size, tree.size)]
        elif (broken is None or broken > size) and not ranges:
            ranges.append((covered + 1, "or one up to %d is not what was signed" % size))
    missing += ["not every admission of the request %s is in the log" % request for request in log.subjects.unfinished()]
    problems = ranges + problems
    return {"ok": not problems and not missing, "events": tree.size, "head": head, "covered": covered,
            "problems": [{"seq": int(seq), "reason": reason} for seq, reason in problems], "missing": missing}


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        by_hash, by_kid, trusted = read_keys(arguments[1])
        checkpoints = trusted + (read_checkpoints(arguments[2], by_hash) if len(arguments) == 3 else [])
        verdict = verify(arguments[0], by_kid, checkpoints)
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 2
    except (NoExport, UnicodeDecodeError) as error:
        print("%s: %s" % (arguments[0], error), file=sys.stderr)
        return 2
    print(json.dumps(verdict))
    return 1 if verdict["problems"] else 0 if verdict["ok"] and verdict["events"] > 0 else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
