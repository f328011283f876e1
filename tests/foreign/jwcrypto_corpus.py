#!/usr/bin/python3
"""Makes the corpus of cases.json with python3-jwcrypto: jwcrypto_corpus.py CASES OUT"""
import base64
import json
import pathlib
import sys
import uuid

from jwcrypto import jwk, jws

# What a signer of a JWS may not be trusted with is what this makes; jwcrypto's own list of
# algorithms leaves EdDSA out by default.
ALGORITHMS = ["EdDSA", "HS256", "ES256"]


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public(key, kid):
    return json.loads(key.export_public()) | {"kid": kid}


def sign_raw(key, header, payload):
    """The parts by hand, the signature by the Ed25519 that jwcrypto itself uses."""
    signing_input = f"{b64url(json.dumps(header).encode())}.{b64url(payload)}"
    signature = key.get_op_key("sign").sign(signing_input.encode())
    return f"{signing_input}.{b64url(signature)}"


def sign(key, header, payload):
    token = jws.JWS(payload)
    token.allowed_algs = ALGORITHMS
    token.add_signature(key, None, json.dumps(header), None)
    return token.serialize(compact=True)


def signing_key(alg, key):
    if alg == "HS256":  # the classic confusion: the public key as a shared secret
        return jwk.JWK(kty="oct", k=json.loads(key.export_public())["x"])
    if alg == "ES256":
        return jwk.JWK.generate(kty="EC", crv="P-256")
    return key


MANGLES = {
    None: lambda text: text,
    "pad": lambda text: text + "==",
    "newline": lambda text: text + "\n",
    "two-parts": lambda text: text[: text.rindex(".")],
    "four-parts": lambda text: text + ".AAAA",
    "empty": lambda text: "",
    "json": lambda text: json.dumps(dict(zip(("protected", "payload", "signature"), text.split(".")))),
    "standard-base64": lambda text: text[:-4] + "+/+/",
    "strip-signature": lambda text: text[: text.rindex(".") + 1],
    "cut-signature": lambda text: text[:-2],
    "flip": lambda text: text[:-10] + ("B" if text[-10] == "A" else "A") + text[-9:],
}


class Corpus:
    def __init__(self, spec, out):
        self.spec, self.out, self.now = spec, out, spec["now"]
        self.keys = {kid: jwk.JWK.generate(kty="OKP", crv="Ed25519") for kid in spec["keys"]}
        self.root = jwk.JWK.generate(kty="OKP", crv="Ed25519")
        self.jtis = {case["name"]: str(uuid.uuid4()) for case in spec["cases"]}
        self.made = {}

    def value(self, given):
        if isinstance(given, dict) and set(given) == {"now"}:
            return self.now + given["now"]
        if isinstance(given, dict) and set(given) == {"repeat"}:
            return "x" * given["repeat"]
        if isinstance(given, dict) and set(given) == {"of"}:
            return self.jtis[given["of"]]
        return given

    def claims(self, case, signer):
        owner = self.spec["keys"][signer]
        room = case.get("room", "lokaal-112")
        claims = {
            "jti": self.jtis[case["name"]],
            "iat": self.now,
            "exp": self.now + 60,
            "sub": owner.get("person", owner.get("node")),
            "aud": f"school/{room}",
            "cmd": case.get("cmd", {"type": "set-mode", "mode": "lesson"}),
        }
        claims |= {name: self.value(given) for name, given in case.get("claims", {}).items()}
        return {name: given for name, given in claims.items() if name not in case.get("drop", [])}

    def make(self, case):
        if "repeat_of" in case:
            return self.made[case["repeat_of"]]
        signer = case.get("signer", "teacher")
        alg = case.get("alg", "EdDSA")
        header = {"alg": alg, "kid": case.get("kid", signer),
                  "typ": case.get("typ", "lokaal-command+jwt")}
        header = {name: given for name, given in header.items() if given is not None}
        header |= case.get("header", {})
        payload = case["payload"] if "payload" in case else json.dumps(self.claims(case, signer))
        key = self.keys[signer]
        if case.get("raw"):
            text = sign_raw(key, header, payload.encode())
        else:
            text = sign(signing_key(alg, key), header, payload.encode())
        return MANGLES[case.get("mangle")](text)

    def plan(self):
        issued = {"site": "school", "version": 1, "issued": "2026-11-01T00:00:00Z", "expires": None}
        root = {"doc": "root", **issued, "threshold": 1,
                "keys": [{"kid": "root", "jwk": public(self.root, "root")}]}
        token = jws.JWS(json.dumps(root))
        token.allowed_algs = ALGORITHMS
        header = {"alg": "EdDSA", "kid": "root", "typ": "lokaal-root+jws"}
        token.add_signature(self.root, None, json.dumps(header), None)
        general = json.loads(token.serialize())
        if "signatures" not in general:  # with one signature jwcrypto writes the flattened form
            general = {"payload": general["payload"], "signatures": [
                {"protected": general["protected"], "signature": general["signature"]}]}
        entries = [{"kid": kid, "jwk": public(self.keys[kid], kid), "from": None, "until": None,
                    "revoked": None, **entry} for kid, entry in self.spec["keys"].items()]
        roster = {"doc": "roster", **issued, "entries": entries}
        header |= {"typ": "lokaal-roster+jws"}
        (self.out / "root.json").write_text(json.dumps(general))
        (self.out / "roster.jws").write_text(sign(self.root, header, json.dumps(roster).encode()))

    def write(self):
        (self.out / "cases").mkdir(parents=True, exist_ok=True)
        self.plan()
        index = []
        for case in self.spec["cases"]:
            name = case["name"]
            if case.get("only", "jwcrypto") != "jwcrypto":
                continue
            self.made[name] = self.make(case)
            (self.out / "cases" / f"{name}.jws").write_text(self.made[name])
            index.append({"name": name, "file": f"cases/{name}.jws", "expect": case["expect"],
                          "retained": case.get("retained", False),
                          "room": case.get("room", "lokaal-112"), "after": case.get("after", [])})
        (self.out / "index.json").write_text(json.dumps({
            "library": "jwcrypto", "now": self.now, "root_thumbprint": self.root.thumbprint(),
            "cases": index}, indent=1))


if __name__ == "__main__":
    Corpus(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2])).write()
