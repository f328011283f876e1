"""Commands that a gateway must refuse, each with the reason that SCHEMAS puts first for it."""

import json
import time

from jwcrypto import jwk, jws

from . import commands, school

ROOM = "lokaal-112"
_OPEN = {"type": "set-mode", "mode": "open"}
NO_ANSWER = "no answer"


def _later(**seconds):
    """NumericDate claims relative to now."""
    now = int(time.time())
    return {name: now + offset for name, offset in seconds.items()}


def _altered(compact, **changes):
    """The signature of one payload under another."""
    head, payload, signature = compact.split(".")
    made = json.loads(jws.base64url_decode(payload))
    return ".".join((head, jws.base64url_encode(json.dumps(made | changes)), signature))


def signed(people):
    """(title, payload, reason), all for the room's topic, all of the kind that would open the room."""
    teacher, teacher_113, it, revoked = (people.by_name[name] for name in ("teacher", "teacher-113", "it", "revoked"))
    forger = jwk.JWK.generate(kty="OKP", crv="Ed25519")

    def made(identity=teacher, command=None, how=None, **changes):
        return commands.sign(identity, commands.claims(identity, ROOM, command or _OPEN, **changes), **(how or {}))

    return [
        ("forged: another's key", made(how={"key": forger}), "bad-signature"),
        ("forged: payload altered", _altered(made(), jti="8d0e3b0c-2f4e-4e83-9d0f-54a2a4b1c6de"), "bad-signature"),
        ("a key that nobody has", made(how={"key": forger, "kid": "nobody-1"}), "unknown-key"),
        ("a revoked key", made(revoked), "revoked-key"),
        ("another typ", made(how={"typ": "JWT"}), "bad-type"),
        ("for another person", made(sub="p-coordinator"), "subject-mismatch"),
        ("meant for another room", made(aud=f"{school.SITE}/lokaal-113"), "wrong-audience"),
        ("meant for the building", made(aud=school.SITE), "wrong-audience"),
        ("audience a list", made(aud=[f"{school.SITE}/{ROOM}"]), "malformed"),
        ("good for too long", made(**_later(exp=601 + 5)), "lifetime-too-long"),
        ("issued in the future", made(**_later(iat=90, exp=150)), "issued-in-future"),
        ("not yet valid", made(**_later(nbf=30)), "not-yet-valid"),
        ("expired", made(**_later(iat=-120, exp=-60)), "expired"),
        ("an unknown command", made(command={"type": "make-coffee"}), "unsupported-command"),
        ("an unknown mode", made(command={"type": "set-mode", "mode": "holiday"}), "unknown-mode"),
        ("an unknown member", made(command=_OPEN | {"force": True}), "malformed"),
        ("until in the past", made(command=_OPEN | {"until": "2020-01-01T10:00:00Z"}), "invalid-until"),
        ("it may not", made(it), "role-forbidden"),
        ("another room's teacher", made(teacher_113), "room-forbidden"),
        ("for a state that is gone", made(command=_OPEN | {"if_generation": "999999"}), "stale-generation"),
    ]


def play(lab, expect, some=None):
    """Sends them; `some`: only those titles. Then the ones that need more than a payload."""
    topic = commands.command_topic(ROOM)
    for title, payload, reason in signed(lab.identities):
        if some is None or title in some:
            expect.answer(title, lab.panel.send(topic, payload), reason)
    teacher = lab.identities.by_name["teacher"]
    lawful = commands.sign(teacher, commands.claims(teacher, ROOM, _OPEN))
    expect.answer("retained", lab.panel.send(topic, lawful, retain=True), "retained")
    lab.panel.clear_retained(topic)
