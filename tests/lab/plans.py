"""Plan documents as a panel makes them, signed and encrypted with jwcrypto."""

import datetime
import json

from jwcrypto import jwe, jwk

from . import school
from .identities import sign_compact, timestamp

ZONE = "Europe/Amsterdam"


def _signed(identity, name, version, members):
    """SCHEMAS "Plan documents": what all have in common, and the members of this one."""
    now = datetime.datetime.now(datetime.timezone.utc)
    document = {"doc": name, "site": school.SITE, "version": version, "issued": timestamp(now),
                "expires": timestamp(now + datetime.timedelta(days=30)), **members}
    return sign_compact(identity.key, identity.kid, f"lokaal-{name}+jws", document)


def civil(moment, zone):
    """A moment (seconds since 1970) as clocks show it there."""
    return datetime.datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%dT%H:%M:%S")


def lesson(room, begin, end, teacher, zone, mode="lesson"):
    return {"room": room, "from": civil(begin, zone), "to": civil(end, zone), "teacher": teacher.person,
            "class": "4h2", "mode": mode}


def timetable(identities, version, lessons):
    return _signed(identities.panel, "timetable", version, {"zone": ZONE, "lessons": lessons})


def exam(name, kind, room, begin, end, *, candidates=(), allow=(), **members):
    """One exam of an inventory; `candidates` are hosts of the lab, or (host, end) with an end of its own."""
    placed = [one if isinstance(one, tuple) else (one, None) for one in candidates]
    return {"exam": name, "kind": kind, "room": room, "group": None, "from": _moment(begin), "to": _moment(end),
            "candidates": [{"id": f"c-{number}", "device": school.host(host).id,
                            "until": None if until is None else _moment(until)}
                           for number, (host, until) in enumerate(placed, 1)],
            "allow": list(allow), "lab": "none", "action_until": None, "neighbours": [], **members}


def exams(coordinator, version, listed):
    """The exams of an inventory, signed."""
    return _signed(coordinator, "inventory", version, {"exams": listed})


def inventory(identities, *, exams=None, devices=None):
    """What is published on nodes/<node>/inventory: a JWE that only the node reads (RFC 7516, RFC 8037)."""
    key = jwk.JWK(**json.loads(identities.node_inventory.export_public()))
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.get("kid")}
    token = jwe.JWE(json.dumps({"devices": devices, "exams": exams}).encode(), json.dumps(header))
    token.add_recipient(key)
    return token.serialize(compact=True)


def _moment(seconds):
    return timestamp(datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc))
