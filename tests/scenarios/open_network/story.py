"""The lab without lokaald: everything is reachable, the broker keeps its access list, a foreign library believes
the signatures. What is closed in another story is closed by lokaald, not by the lab."""

import json

from jwcrypto import jwk, jws
from lab import commands, mqtt, namespaces, reach, school
from lab.execute import LabError
from lab.expectations import FAMILIES, Expectations
from lab.report import Row

NEEDS_LOKAALD = False


def play(lab, report):
    _names_and_pages(lab, report)
    _name_server(lab, report)
    _flows(lab, report)
    _rooms(lab, report)
    _broker(lab, report)
    _signatures(lab, report)


def _names_and_pages(lab, report):
    report.step("open network", "every host fetches pages by name, both families")

    def fetch(host, name, family, via):
        seen = lab.reach(host, name, family=family, via=via)
        return Row(host, f"{via} {name}", reach.REACHABLE, seen.outcome, family, seen.detail)

    places = [(host.name, "www.example.org") for host in school.HOSTS]
    places += [("laptop", site.name) for site in school.WEBSITES]
    tries = [(host, name, family, "tls") for host, name in places for family in (4, 6)]
    tries += [("phone", "www.instagram.com", family, "http") for family in (4, 6)]
    report.together([lambda one=one: fetch(*one) for one in tries])
    strange = reach.curl(lab.network, "phone", lab.authority, "https://www.example.org/",
                         "--resolve", f"www.example.org:443:{school.website('www.tiktok.com').ipv4}")
    report.check("a certificate for another name is not believed", strange.returncode == 60, str(strange.returncode))


def _name_server(lab, report):
    report.step("name server", "answers as an authority far away would")
    site, server = school.website("www.instagram.com"), school.RESOLVER[0]

    def ask(name, kind="A", **how):
        return lab.resolve("laptop", name, kind, **({"server": server} | how))

    answer = ask(site.name)
    report.check("A, TTL 300 at first", answer.addresses() == [site.ipv4] and 290 <= answer.records[0][1] <= 300,
                 str(answer))
    report.check("AAAA, asked over IPv6 and TCP", ask(site.name, "AAAA", server=school.RESOLVER[1],
                                                     tcp=True).addresses() == [site.ipv6])
    service = ask(site.name, "HTTPS").records
    report.check("HTTPS record", bool(service) and service[0][2] == "HTTPS", str(service))
    report.check("a name that does not exist", ask("nowhere.example.org").status == "NXDOMAIN")
    report.check("a large answer comes by TCP", len(ask("large.example.org", "TXT").records) == 1)


def _flows(lab, report):
    report.step("flows", "live ones are seen to run, from both ends")
    name = "www.instagram.com"
    with lab.download("laptop", name) as down, lab.download("laptop", name, 6) as down6, \
            lab.upload("phone", name) as up, lab.packets("phone") as out, \
            lab.packets("phone", 6, inward=True) as answered, \
            lab.packets("phone", inward=True, asked=False) as unasked:
        for title, flow in (("download", down), ("download, IPv6", down6), ("upload", up), ("packets out", out),
                            ("packets in, IPv6", answered), ("packets in, unasked", unasked)):
            report.check(title, flow.runs())
        # The lab can see an end, too: otherwise "it stopped" would mean nothing.
        namespaces.batch(lab.network.namespace("gateway"), ["link set p-phone down"])
        cut = max(out.departed)
        for title, flow in (("upload", up), ("packets out", out)):
            report.check(f"{title}: its end is seen", flow.stops(cut, within=1) is not None)
        report.check("the first lost packet is known", out.judged_anew(cut) is not None)
        report.check("download of another host runs on", down.runs())
        namespaces.batch(lab.network.namespace("gateway"), ["link set p-phone up"])
        report.check("packets run again", out.runs())


def _rooms(lab, report):
    report.step("rooms", "a peer in the room is not reached, one in the other room is")
    expect = Expectations(lab, report)
    report.together([expect.knock(host, "laptop", family, expected) for family in FAMILIES
                     for host, expected in (("phone", reach.CLOSED), ("laptop-113", reach.REACHABLE))])


def _broker(lab, report):
    report.step("broker", "TLS, a password each, and access by topic")
    server, root = lab.network.namespace("server"), commands.ROOT

    def connected(user, password):
        try:
            mqtt.Client(server, lab.authority, user, password).close()
            return True
        except LabError:
            return False

    passwords = lab.broker.passwords
    report.check("a user with the password", connected(commands.PANEL, passwords[commands.PANEL]))
    report.check("not with another password", not connected(commands.PANEL, "guess"))
    report.check("not an unknown user", not connected("nobody", "guess"))
    node = mqtt.Client(server, lab.authority, school.NODE, passwords[school.NODE], client_id=school.NODE)
    screen = mqtt.Client(server, lab.authority, "hallway-screen", passwords["hallway-screen"])
    try:
        command, state = f"{root}/rooms/lokaal-112/command", f"{root}/rooms/lokaal-112/state"
        report.check("a screen may not command", screen.publish(command, b"{}")[1] >= 128)
        report.check("a node may not command", node.publish(command, b"{}")[1] >= 128)
        report.check("a node writes state", node.publish(state, b'{"room":"lokaal-112"}', retain=True)[1] < 128)
        report.check("the panel reads it", lab.panel.wait_for("rooms/lokaal-112/state", lambda _: True) is not None)
        node.publish(state, b"", retain=True)
    finally:
        node.close()
        screen.close()
    lab.broker.kill()
    report.check("its death is noticed", lab.panel.lost(5))
    lab.broker.start()
    lab.panel.reconnect()


def _signatures(lab, report):
    report.step("signatures", "commands, root and roster, read by the library again from the files")
    people = lab.identities
    teacher = people.by_name["teacher"]
    made = commands.sign(teacher, commands.claims(teacher, "lokaal-112", {"type": "set-mode", "mode": "lesson"}))
    token = jws.JWS()
    token.deserialize(made, jwk.JWK.from_json(teacher.file.read_text(encoding="ascii")))
    report.check("a command is its teacher's", json.loads(token.payload)["sub"] == teacher.person)
    try:
        token.deserialize(made, people.by_name["it"].key)
        report.check("and nobody else's", False)
    except jws.InvalidJWSSignature:
        report.check("and nobody else's", True)
    root = jws.JWS()
    root.deserialize(people.root_file.read_text(encoding="ascii"))
    named = jwk.JWK(**json.loads(root.objects["payload"])["keys"][0]["jwk"])
    root.verify(named)
    report.check("root: signed by the key that it names", named.thumbprint() == people.root_thumbprint)
    roster = jws.JWS()
    roster.deserialize(people.roster_file.read_text(encoding="ascii"), named)
    entries = json.loads(roster.payload)["entries"]
    report.check("roster: signed by root", {one["kid"] for one in entries if one["revoked"]} == {"revoked-1"})
    panel_command = lab.panel.send(commands.command_topic("lokaal-112"), made, seconds=0.5)
    report.check("a command without a gateway has no answer", panel_command is None)
