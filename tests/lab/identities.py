"""Keys, root and roster of the site, made with jwcrypto: a JOSE library that the product does not use."""

import dataclasses
import datetime
import json
import pathlib

from jwcrypto import jwk, jws

from . import school


def timestamp(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclasses.dataclass(frozen=True)
class Identity:
    kid: str
    role: str
    person: str | None  # who signs with it, or
    node: str | None    # which machine does
    rooms: tuple
    key: jwk.JWK
    file: pathlib.Path
    revoked: bool = False


# name here -> role, person or node, rooms, revoked. No rooms: the role reaches all that it may.
_PEOPLE = {
    "teacher": ("teacher", "p-docent-112", ["lokaal-112"], False),
    "teacher-113": ("teacher", "p-docent-113", ["lokaal-113"], False),
    "coordinator": ("coordinator", "p-coordinator", [], False),
    "bhv": ("bhv", "p-bhv", [], False),
    "it": ("it", "p-it", [], False),
    "revoked": ("teacher", "p-docent-weg", ["lokaal-112"], True),
}


def _protected(typ, kid):
    return json.dumps({"alg": "EdDSA", "kid": kid, "typ": typ}, separators=(",", ":"))


def sign_compact(key, kid, typ, payload):
    """RFC 7515 section 7.1, with Ed25519 (RFC 8037)."""
    signed = jws.JWS(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    signed.add_signature(key, alg="EdDSA", protected=_protected(typ, kid))
    return signed.serialize(compact=True)


def sign_general(key, kid, typ, payload):
    """RFC 7515 section 7.2.1, `signatures` an array even of one; jwcrypto alone would flatten it."""
    signed = jws.JWS(json.dumps(payload).encode())
    signed.add_signature(key, alg="EdDSA", protected=_protected(typ, kid))
    flat = json.loads(signed.serialize(compact=False))
    return json.dumps({"payload": flat["payload"],
                       "signatures": [{"protected": flat["protected"], "signature": flat["signature"]}]})


class Identities:
    def __init__(self, folder: pathlib.Path, with_agent=False, with_lab_computer=False):
        self._folder = folder
        folder.mkdir(parents=True)
        folder.chmod(0o700)
        self.root_key = jwk.JWK.generate(kty="OKP", crv="Ed25519", kid="root-1")
        self.root_thumbprint = self.root_key.thumbprint()  # RFC 7638, SHA-256
        self.by_name = {name: self._make(name, *what) for name, what in _PEOPLE.items()}
        self.node = self._make(school.NODE, "node", school.NODE, [], False, of_node=True)
        self.panel = self._make("panel", "panel", school.PANEL_NODE, [], False, of_node=True)
        # An agent in the roster is expected to speak: it stands there where there is one.
        self.agent = (self._make(f"{school.NODE}-agent", "agent", school.NODE, [], False, of_node=True)
                      if with_agent else None)
        # So is a lab machine that keeps itself: its entry names its room.
        self.lab_node = self.lab_agent = None
        if with_lab_computer:
            room = [school.host(school.LAB_COMPUTER).room]
            self.lab_node = self._make(school.LAB_NODE, "node", school.LAB_NODE, room, False, of_node=True)
            self.lab_agent = self._make(f"{school.LAB_NODE}-agent", "agent", school.LAB_NODE, room, False, of_node=True)
        # What only the node can read is encrypted to this key.
        self.node_inventory = jwk.JWK.generate(kty="OKP", crv="X25519", kid=f"{school.NODE}-inventory")
        self.root_file = folder / "root.json"
        self.roster_file = folder / "roster.jws"
        self._write_plans()

    def _make(self, name, role, subject, rooms, revoked, of_node=False):
        kid = f"{name}-1"
        key = jwk.JWK.generate(kty="OKP", crv="Ed25519", kid=kid)
        file = self._folder / f"{name}.jwk"
        file.touch(0o600)
        file.write_text(key.export_private(), encoding="ascii")
        return Identity(kid, role, None if of_node else subject, subject if of_node else None, tuple(rooms), key,
                        file, revoked)

    def _write_plans(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        begin, end = timestamp(now - datetime.timedelta(hours=1)), timestamp(now + datetime.timedelta(days=30))
        common = {"site": school.SITE, "version": 1, "issued": begin, "expires": end}
        root_public = json.loads(self.root_key.export_public())
        root = {"doc": "root", **common, "threshold": 1, "keys": [{"kid": "root-1", "jwk": root_public}]}
        nodes = [self.node, self.panel, self.agent, self.lab_node, self.lab_agent]
        everyone = [*self.by_name.values(), *(one for one in nodes if one is not None)]
        entries = [self._entry(one, begin, end) for one in everyone]
        roster = {"doc": "roster", **common, "entries": entries}
        self.root_file.write_text(sign_general(self.root_key, "root-1", "lokaal-root+jws", root), encoding="ascii")
        self.roster_file.write_text(sign_compact(self.root_key, "root-1", "lokaal-roster+jws", roster),
                                    encoding="ascii")

    @staticmethod
    def _entry(identity, begin, end):
        who = {"person": identity.person} if identity.person else {"node": identity.node}
        return {"kid": identity.kid, "jwk": json.loads(identity.key.export_public()), "role": identity.role, **who,
                "rooms": list(identity.rooms), "from": begin, "until": end, "revoked": identity.revoked}
