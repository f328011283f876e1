// Makes the corpus of cases.json with npm's jose: node jose_corpus.mjs CASES OUT
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomUUID, sign as nodeSign } from "node:crypto";
import { join } from "node:path";
import * as jose from "jose";

const [, , casesFile, out] = process.argv;
const spec = JSON.parse(readFileSync(casesFile, "utf8"));
const now = spec.now;
const utf8 = new TextEncoder();
const b64url = (data) => Buffer.from(data).toString("base64url");

const pair = () => jose.generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
const publicJwk = async (key, kid) => ({ ...(await jose.exportJWK(key.publicKey)), kid });

const root = await pair();
const keys = {};
for (const kid of Object.keys(spec.keys)) keys[kid] = await pair();
const jtis = Object.fromEntries(spec.cases.map((one) => [one.name, randomUUID()]));
const made = {};

function value(given) {
  if (given === null || typeof given !== "object" || Array.isArray(given)) return given;
  const names = Object.keys(given).join();
  if (names === "now") return now + given.now;
  if (names === "repeat") return "x".repeat(given.repeat);
  if (names === "of") return jtis[given.of];
  return given;
}

function claims(one, signer) {
  const owner = spec.keys[signer];
  const room = one.room === undefined ? "lokaal-112" : one.room;
  const all = {
    jti: jtis[one.name],
    iat: now,
    exp: now + 60,
    sub: owner.person ?? owner.node,
    aud: `school/${room}`,
    cmd: one.cmd ?? { type: "set-mode", mode: "lesson" },
  };
  for (const [name, given] of Object.entries(one.claims ?? {})) all[name] = value(given);
  for (const name of one.drop ?? []) delete all[name];
  return all;
}

// The parts by hand, for what the library would refuse to make.
function signRaw(key, header, payload) {
  const input = `${b64url(JSON.stringify(header))}.${b64url(payload)}`;
  const signature = nodeSign(null, Buffer.from(input), key);
  return `${input}.${b64url(signature)}`;
}

async function signingKey(alg, key) {
  // The classic confusion: the public key as a shared secret.
  if (alg === "HS256") return Buffer.from((await jose.exportJWK(key.publicKey)).x, "base64url");
  if (alg === "ES256") return (await jose.generateKeyPair("ES256")).privateKey;
  if (alg === "Ed25519") return jose.importJWK(await jose.exportJWK(key.privateKey), "Ed25519");
  return key.privateKey;
}

const compact = (key, header, payload) =>
  new jose.CompactSign(utf8.encode(payload)).setProtectedHeader(header).sign(key);

const mangles = {
  undefined: (text) => text,
  pad: (text) => text + "==",
  newline: (text) => text + "\n",
  "two-parts": (text) => text.slice(0, text.lastIndexOf(".")),
  "four-parts": (text) => text + ".AAAA",
  empty: () => "",
  json: (text) => {
    const [protectedHeader, payload, signature] = text.split(".");
    return JSON.stringify({ protected: protectedHeader, payload, signature });
  },
  "standard-base64": (text) => text.slice(0, -4) + "+/+/",
  "strip-signature": (text) => text.slice(0, text.lastIndexOf(".") + 1),
  "cut-signature": (text) => text.slice(0, -2),
  flip: (text) => text.slice(0, -10) + (text.at(-10) === "A" ? "B" : "A") + text.slice(-9),
};

async function make(one) {
  if (one.repeat_of) return made[one.repeat_of];
  const signer = one.signer ?? "teacher";
  const alg = one.alg ?? "EdDSA";
  const header = { alg, kid: one.kid, typ: one.typ };
  if (one.kid === undefined) header.kid = signer;
  if (one.typ === undefined) header.typ = "lokaal-command+jwt";
  for (const name of ["kid", "typ"]) if (header[name] === null) delete header[name];
  Object.assign(header, one.header ?? {});
  const payload = one.payload ?? JSON.stringify(claims(one, signer));
  const text = one.raw
    ? signRaw(keys[signer].privateKey, header, payload)
    : await compact(await signingKey(alg, keys[signer]), header, payload);
  return mangles[one.mangle](text);
}

async function plan() {
  const issued = { site: "school", version: 1, issued: "2026-11-01T00:00:00Z", expires: null };
  const document = {
    doc: "root",
    ...issued,
    threshold: 1,
    keys: [{ kid: "root", jwk: await publicJwk(root, "root") }],
  };
  const header = { alg: "EdDSA", kid: "root" };
  const general = await new jose.GeneralSign(utf8.encode(JSON.stringify(document)))
    .addSignature(root.privateKey)
    .setProtectedHeader({ ...header, typ: "lokaal-root+jws" })
    .sign();
  const entries = [];
  for (const [kid, entry] of Object.entries(spec.keys)) {
    const jwk = await publicJwk(keys[kid], kid);
    entries.push({ kid, jwk, from: null, until: null, revoked: null, ...entry });
  }
  const roster = JSON.stringify({ doc: "roster", ...issued, entries });
  writeFileSync(join(out, "root.json"), JSON.stringify(general));
  writeFileSync(
    join(out, "roster.jws"),
    await compact(root.privateKey, { ...header, typ: "lokaal-roster+jws" }, roster),
  );
}

mkdirSync(join(out, "cases"), { recursive: true });
await plan();
const cases = [];
for (const one of spec.cases) {
  if ((one.only ?? "jose") !== "jose") continue;
  made[one.name] = await make(one);
  const file = `cases/${one.name}.jws`;
  writeFileSync(join(out, file), made[one.name]);
  cases.push({
    name: one.name,
    file,
    expect: one.expect,
    retained: one.retained ?? false,
    room: one.room === undefined ? "lokaal-112" : one.room,
    after: one.after ?? [],
  });
}
const thumbprint = await jose.calculateJwkThumbprint(await jose.exportJWK(root.publicKey), "sha256");
writeFileSync(
  join(out, "index.json"),
  JSON.stringify({ library: "jose", now, root_thumbprint: thumbprint, cases }, null, 1),
);
