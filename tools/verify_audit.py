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
from datetime import datetime

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


class Pinned:
    """The public keys of the installation, by one name of each, with the last event for which each counts."""

    def __init__(self):
        self.keys = {}

    def get(self, name, seq):
        raw, last = self.keys.get(name, (None, 0))
        return raw if seq <= last else None


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
            raise SystemExit("2: the key %s is not as a file of public keys has it" % key.get("kid"))
        if "revoked" in key:
            notes = [checkpoint_of(*note[1:5]) for note in NOTE.findall(key.get("checkpoint", ""))]
            last = max([note["size"] for note in notes], default=0)
            trusted += notes
        by_hash.keys[sha256(b"fixpoint-authority\n\x01" + raw)[:4]] = (raw, last)
        by_kid.keys[key["kid"]] = (raw, last)
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
            raise SystemExit("2: a checkpoint over %s events was signed by none of the keys" % size)
        # Whoever stole a key can sign any: one after its last event shows nothing.
        if int(size) > max(lasts):
            continue
        found.append(checkpoint_of(log, restores, size, root))
    return found


def signed_by(by_kid, seq, kid, label, text, signature):
    raw = by_kid.get(kid, seq)
    return raw is not None and signature_holds(raw, (label + "\0" + text).encode(), base64.b64decode(signature))


def moment(text):
    """Seconds; of what is no time a number that compares with nothing."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except (AttributeError, ValueError):
        return float("nan")


# The time between two clocks, or between a look at something and what is written of it.
APART = 600


class Keys:
    """The keys of persons, as the log registers and revokes them."""

    def __init__(self):
        self.by_id, self.by_kid, self.revoked = {}, {}, {}

    def add(self, key):
        self.by_id[key["id"]] = self.by_kid[key["kid"]] = key

    def signed(self, key, person, kid, at, label, said, signature):
        if key is None or key["person"] != person or key["kid"] != kid:
            return False
        if self.revoked.get(key["id"], float("inf")) + APART < moment(at):
            return False
        message = label + "\0" + json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        raw = base64.b64decode(key["publicKey"])[-32:]
        return signature_holds(raw, message.encode(), base64.b64decode(signature))


def decision_holds(keys, proof, person, at, job, plan, decision, reason):
    said = {"job": job, "planDigest": plan, "decision": decision, "reasonDigest": reason}
    said.update({name: proof[name] for name in ("at", "nonce", "executeBy", "onFailure")})
    key = keys.by_id.get(proof["registration"])
    return keys.signed(key, person, proof["kid"], at, "fixpoint-decision-v1", said, proof["signature"])


def signature_problems(seq, event, by_kid, keys, grant):
    data, action = event["data"], event["action"]
    if action == "key.revoked":
        keys.revoked[data.get("key")] = moment(event["at"])
    if action == "key.registered":
        text = data.get("registration", "")
        signature = data.get("signature", "")
        if not signed_by(by_kid, seq, data.get("signedBy"), "fixpoint-person-key-v1", text, signature):
            return ["the key has no valid registration"]
        key = json.loads(text)
        if [key["id"], key["person"], key["kid"]] != [data.get("key"), data.get("person"), data.get("kid")]:
            return ["the registration is that of another key"]
        keys.add(key)
    if action == "job.rejected" and data.get("proof", {}).get("kind") == "key":
        plan, reason, person = data.get("planSha256"), data.get("reasonSha256"), event["actor"]["id"]
        if not decision_holds(keys, data["proof"], person, event["at"], event["job"], plan, "reject", reason):
            return ["the decision is not what its person signed"]
    if action == "job.approved":
        if grant is None:
            return ["the approval has no valid grant"]
        signed = [each for each in grant.get("approvals", []) if each["proof"]["kind"] == "key"]
        job, plan = grant["job"], grant["planSha256"]
        held = [decision_holds(keys, each["proof"], each["person"]["id"], each["decidedAt"], job, plan, "approve",
                               each["reasonSha256"]) for each in signed]
        return [] if all(held) else ["the decision is not what its person signed"]
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
    label = "fixpoint-admission-vote-v1"
    return keys.signed(key, person, proof["kid"], each["decidedAt"], label, said, proof["signature"])


def subject_word_holds(keys, statement, kind, each, decision):
    """Whether one of the people of a statement about a target or the policy said so, of exactly what the request was for."""
    proof = each["proof"]
    if proof["kind"] == "token":
        return proof["tokenId"] != ""
    said = {"kind": kind, "contentDigest": statement["request"]["contentDigest"], "decision": decision,
            "reasonDigest": each["reasonSha256"], "nonce": proof["nonce"], "at": proof["at"]}
    key, person = keys.by_kid.get(proof["kid"]), each["person"]["id"]
    label = "fixpoint-%s-vote-v1" % statement["subject"]
    return keys.signed(key, person, proof["kid"], each["decidedAt"], label, said, proof["signature"])


class Subjects:
    """The targets and the policy, as the log says which forms of them people admitted."""

    ACTIONS = ("target.created", "target.changed", "target.deleted", "policy.admitted")

    def __init__(self):
        self.ids, self.forms, self.groups, self.ended, self.latest = set(), {}, {}, set(), 0

    def problems(self, seq, event, by_kid, keys, grant):
        self.latest = max(self.latest, moment(event["at"]) or 0)
        if event["action"] == "job.approved" and grant is not None:
            return self.approve(event, grant)
        if event["action"] not in self.ACTIONS:
            return []
        if "admission" in event["data"]:
            return self.admit(seq, event, by_kid, keys)
        known = event["action"] == "policy.admitted" or event["data"].get("targetId") in self.forms
        return ["has no admission, though it is about something that was admitted"] if known else []

    def admit(self, seq, event, by_kid, keys):
        data, found = event["data"], []
        text, signature = data["admission"], data.get("signature", "")
        if not signed_by(by_kid, seq, data.get("kid"), "fixpoint-subject-admission-v1", text, signature):
            return ["the admission does not hold"]
        statement = json.loads(text)
        request, subject = statement["request"], statement["subjectId"]
        said = [data.get(name) for name in ("before", "after", "request", "kid")]
        other = said != [statement["before"], statement["sha256"], request["id"], statement["kid"]]
        if statement["subject"] != "policy":
            other = other or [data.get("targetId"), data.get("targetName")] != [subject, statement["name"]]
        if other:
            found.append("the admission is that of another form")
        if statement["id"] in self.ids:
            found.append("the log has another admission with that id")
        self.ids.add(statement["id"])
        forms = self.forms.setdefault(subject, [])
        if forms:
            last = forms[-1]
            last["until"] = moment(event["at"])
            # What a key signed that was revoked by then is no form any more: the next one follows none.
            gone = statement["before"] is None and by_kid.get(last["kid"], seq) is None
            if not gone and last["sha256"] != statement["before"]:
                found.append("the admission does not follow the form before it")
        forms.append({"sha256": statement["sha256"], "until": float("inf"), "kid": statement["kid"]})
        return found + self.gather(statement, moment(event["at"]), keys)

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
            step = json.dumps({"after": statement["sha256"], "before": statement["before"]}, separators=(",", ":"))
            content = hashlib.sha256(("fixpoint-policy-change-v1\0" + step).encode()).hexdigest()
            kind = "admit-policy"
        else:
            changes = [{"id": each["subjectId"], "before": each["before"], "after": each["sha256"]} for each in members]
            text = json.dumps(changes, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            content = hashlib.sha256(("fixpoint-target-changes-v1\0" + text).encode()).hexdigest()
            kind = "remove-targets" if statement["sha256"] is None else "admit-targets"
        if content != request["contentDigest"]:
            return ["the people signed for other forms"]
        by = statement["by"]
        needed = 1 if kind == "remove-targets" else 2
        if len(by) != needed or len({each["person"]["id"] for each in by}) != needed:
            return ["the admission does not name the people that it needs"]
        pairs = zip(by, ("request", "confirm"))
        return ["the word of one of its people does not hold" for each, decision in pairs
                if not subject_word_holds(keys, statement, kind, each, decision)]

    def approve(self, event, grant):
        forms = self.forms.get(grant.get("target", {}).get("id"))
        if forms is None:
            return []
        counted = any(form["sha256"] == grant["targetSha256"] and form["until"] + APART >= moment(event["at"])
                      for form in forms)
        return [] if counted else ["the grant is for a target in another form than the admitted one"]

    def unfinished(self):
        return [request for request, (at, _) in self.groups.items() if at + APART < self.latest]


class Admissions:
    """What may run, as the log says it: each admission with its version and the event that ended it."""

    def __init__(self):
        self.known, self.planning, self.planned, self.granted, self.nonces = {}, {}, {}, {}, set()

    def problems(self, seq, event, by_kid, keys, grant):
        data, action, job = event["data"], event["action"], event["job"]
        if action == "runbook.admitted":
            return self.admit(seq, data, by_kid, keys)
        if action in ("runbook.disabled", "runbook.revoked"):
            self.set_status(seq, event)
        if action == "job.planning-started":
            self.planning[job] = seq
        if action == "job.planned" and "admission" in data:
            return self.plan(seq, job, data)
        if action == "job.approved" and grant is not None:
            return self.approve(seq, event, by_kid, grant)
        if action == "job.claimed" and data.get("jti") in self.granted:
            return self.not_in_force(seq, by_kid, self.granted[data["jti"]], event["at"])
        return []

    def admit(self, seq, data, by_kid, keys):
        text = data.get("admission", "")
        if not signed_by(by_kid, seq, data.get("kid"), "fixpoint-admission-v1", text, data.get("signature", "")):
            return ["the admission does not hold"]
        admission, found = json.loads(text), []
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

    def set_status(self, seq, event):
        data, action = event["data"], event["action"]
        for each in self.known.values():
            runbook, ended = each["runbook"], each["ended"]
            if runbook["id"] != data.get("runbook") or data.get("contentSha256") not in (None, runbook["contentSha256"]):
                continue
            if ended is not None and ended["final"]:
                continue
            final = action == "runbook.revoked"
            each["ended"] = {"seq": seq, "at": moment(event["at"]), "final": final}

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
        last = max(float("inf") if ended is None else ended["at"] for ended in counted)
        return ["the admissions of this version had ended"] if last + APART < moment(at) else []

    def approve(self, seq, event, by_kid, grant):
        content = grant.get("runbook", {}).get("contentSha256", "")
        self.granted[grant["jti"]] = content
        plan, admission = self.planned.get(event["job"], (None, None))
        under = self.known.get(admission) if plan == grant["planSha256"] else None
        other = under is not None and under["runbook"]["contentSha256"] != content
        found = ["the grant is for another version than the admission that its plan names"] if other else []
        return found + self.not_in_force(seq, by_kid, content, event["at"])


def grant_of(seq, event, by_kid):
    """The grant of an approval, where its signature holds."""
    data = event["data"]
    text = data.get("grant", "")
    held = event["action"] == "job.approved" and signed_by(
        by_kid, seq, data.get("kid"), "fixpoint-grant-v1", text, data.get("signature", ""))
    return json.loads(text) if held else None


def verify(path, by_kid, checkpoints):
    problems, roots, restores, broken = [], {}, [], None
    keys, admissions, subjects = Keys(), Admissions(), Subjects()
    tree, head, first, due = Tree(), "0" * 64, None, 0
    wanted = {each["size"] for each in checkpoints}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() == "":
                continue
            link = json.loads(line)
            due += 1
            seq, writer, text = link["seq"], link["writer"], link["event"]
            before = len(problems)
            if seq != due:
                problems.append((seq, "has another number than %d" % due))
            due = seq
            if link["prevHash"] != head:
                problems.append((seq, "does not follow the event before it"))
            bound = "fixpoint-chain-v1\0%d\n%s\n%s\n%s" % (seq, link["prevHash"], writer, sha256(text.encode()).hex())
            head = link["hash"]
            if sha256(bound.encode()).hex() != head:
                problems.append((seq, "is not what was chained"))
            # A link that does not hold names its place; a chain that was hashed anew shows against a checkpoint alone.
            if broken is None and len(problems) > before:
                broken = seq
            first = first or head
            tree.add(("%s\n%s" % (writer, text)).encode())
            if tree.size in wanted:
                roots[tree.size] = tree.root()
            event = json.loads(text)
            if event["action"] == "record.restored":
                restores.append(event["data"].get("head", {}).get("seq", 0))
            grant = grant_of(seq, event, by_kid)
            problems.extend((seq, problem) for problem in signature_problems(seq, event, by_kid, keys, grant))
            problems.extend((seq, problem) for problem in admissions.problems(seq, event, by_kid, keys, grant))
            problems.extend((seq, problem) for problem in subjects.problems(seq, event, by_kid, keys, grant))
    missing, ranges, covered = [], [], 0
    for each in sorted(checkpoints, key=lambda one: one["size"]):
        size, number = each["size"], each["restores"]
        if first is not None and first[:16] == each["log"] and roots.get(size) == each["root"]:
            covered = size
        elif number < len(restores) and restores[number] < size:
            continue
        elif size > tree.size:
            missing = ["a checkpoint covers %d events, and the log has %d" % (size, tree.size)]
        elif (broken is None or broken > size) and not ranges:
            ranges.append((covered + 1, "or one up to %d is not what was signed" % size))
    missing += ["not every admission of the request %s is in the log" % request for request in subjects.unfinished()]
    problems = ranges + problems
    return {"ok": not problems and not missing, "events": tree.size, "head": head, "covered": covered,
            "problems": [{"seq": seq, "reason": reason} for seq, reason in problems], "missing": missing}


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    by_hash, by_kid, trusted = read_keys(arguments[1])
    checkpoints = trusted + (read_checkpoints(arguments[2], by_hash) if len(arguments) == 3 else [])
    verdict = verify(arguments[0], by_kid, checkpoints)
    print(json.dumps(verdict))
    return 1 if verdict["problems"] else 0 if verdict["ok"] and verdict["events"] > 0 else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
