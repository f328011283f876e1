"""What people and foreign programs are told of a lab that stays (`demo --stay`, `demo --stay --json`)."""

import ipaddress

from . import school
from .commands import PANEL
from .network import PLACES

_PLACE_ADDRESSES = {
    "gateway": [*school.WAN_GATEWAY, *school.SERVER_GATEWAY, *(one for room in school.ROOMS for one in room.gateway)],
    "internet": [*school.WAN_INTERNET, *school.WANDERER],
    "server": school.BROKER,
}


PAGE = "www.instagram.com"
AT_THE_GATEWAY = ("why", "command")


def commands_to_type(lab):
    """What can be typed as it stands: for each place a shell, for each device a page; without a panel, where there is
    a lokaald, why something is closed, and a command."""
    ca = lab.authority.certificate
    for place in PLACES:
        yield place, f"ip netns exec {lab.network.namespace(place)} bash"
    for host in school.HOSTS:
        yield host.name, f"ip netns exec {lab.network.namespace(host.name)} curl -sS --cacert {ca} https://{PAGE}/"
    if lab.program is not None:
        yield "why", f"{lab.gateway.ctl} why {school.host('phone').id} {PAGE} --socket {lab.gateway.socket}"
        yield "command", _lesson_by_hand(lab)


def _lesson_by_hand(lab):
    """How the room's teacher starts a lesson without a panel, from where the broker is."""
    teacher, password = lab.identities.by_name["teacher"], lab.folder / "panel.password"
    password.touch(0o600)
    password.write_text(lab.broker.passwords[PANEL], encoding="ascii")
    return (f"ip netns exec {lab.network.namespace('server')} {lab.gateway.ctl} send --key {teacher.file} "
            f"--sub {teacher.person} --aud {school.SITE}/{teacher.rooms[0]} --broker {school.BROKER[0]} "
            f"--ca {lab.authority.certificate} --user {PANEL} --password-file {password} set-mode lesson")


def describe(lab, report):
    """The lab as it is, and every expectation of the story that was played in it."""
    ca = str(lab.authority.certificate)
    hosts = {place: {"namespace": lab.network.namespace(place), "addresses": _PLACE_ADDRESSES[place],
                     "mac": school.PLACE_MACS[place], "room": None, "ca": ca} for place in PLACES}
    for host in school.HOSTS:
        addresses = [school.address_of(host.name, family) for family in (4, 6)]
        hosts[host.name] = {"namespace": lab.network.namespace(host.name), "addresses": addresses, "mac": host.mac,
                            "room": host.room, "ca": ca}
    names = {}
    for site in school.WEBSITES:
        names.setdefault(site.service, []).append(site.name)
    gateways = sorted((one for room in school.ROOMS for one in room.gateway),
                      key=lambda text: ipaddress.ip_address(text).version)
    return {
        "site": school.SITE,
        "rooms": [room.name for room in school.ROOMS],
        "broker": {"address": school.BROKER[0], "port": school.BROKER_PORT, "ca": ca, "user": PANEL,
                   "password": lab.broker.passwords[PANEL]},
        "keys": {name: {"jwk": str(one.file), "kid": one.kid, "sub": one.person}
                 for name, one in lab.identities.by_name.items()},
        "hosts": hosts,
        "names": names,
        "dns": gateways,
        "logs": _logs(lab.gateway.evidence),
        "panel": None,
        "expectations": report.described,
    }


def _logs(evidence):
    """The evidence directories, oldest first; policy and keys are those of the newest."""
    logs = sorted(evidence.iterdir()) if evidence.is_dir() else []
    newest = logs[-1] if logs else None
    return {"directories": [str(log) for log in logs],
            "trust_policy": str(newest / "trust.policy") if newest else None,
            "keys": str(newest / "keys.jwks") if newest else None}
