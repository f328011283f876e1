// Encrypts to a node's key with npm's jose: node jose_jwe.mjs OUT
import { writeFileSync } from "node:fs";
import * as jose from "jose";

const plain = JSON.stringify({ devices: null, exams: "a.b.c", naam: "vóór de bel" });
const pair = () => jose.generateKeyPair("ECDH-ES", { crv: "X25519", extractable: true });
const { publicKey, privateKey } = await pair();
const other = (await pair()).publicKey;

async function encrypt(key, header = {}, parties = {}) {
  const made = new jose.CompactEncrypt(new TextEncoder().encode(plain));
  made.setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", ...header });
  made.setKeyManagementParameters(parties);
  return made.encrypt(key);
}

const party = (text) => new TextEncoder().encode(text);
const good = await encrypt(publicKey);
const cases = [
  [good, true],
  [await encrypt(publicKey, { kid: "gw-1-inventory" }), true],
  [await encrypt(publicKey, {}, { apu: party("panel"), apv: party("gw-1") }), true],
  [await encrypt(publicKey, { kid: "another" }), false],
  [await encrypt(other), false],
  [await encrypt(publicKey, { enc: "A128GCM" }), false],
  [await encrypt(publicKey, { alg: "ECDH-ES+A256KW" }), false],
  [good.replace(/\.\./, ".AAAA."), false],
  [good.replace(/^./, "f"), false],
];
writeFileSync(process.argv[2], JSON.stringify({
  library: "jose",
  key: { ...(await jose.exportJWK(privateKey)), kid: "gw-1-inventory" },
  plain,
  cases: cases.map(([jwe, opens]) => ({ jwe, opens })),
}));
