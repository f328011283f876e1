"""What stands where: the school as data. Every lab has the same addresses; namespaces keep labs apart."""

import dataclasses

SITE = "voorbeeld"
NODE = "gw-1"
PANEL_NODE = "panel-1"
LAB_COMPUTER, LAB_NODE = "lab-pc", "pc-112-1"  # the host with a lokaald of its own, and that one's name
DOMAIN = "voorbeeld.example"


@dataclasses.dataclass(frozen=True)
class Host:
    name: str
    room: str
    mac: str
    number: int       # of its addresses in the room's prefixes
    kind: str = "other"
    owner: str = "pupil"
    known: bool = True       # stands in the gateway's inventory
    belongs: bool = False    # stands in its room, is not carried about
    tags: tuple = ()

    @property
    def id(self):
        """In the inventory; a kind's name could not be told from the kind in a command."""
        return f"d-{self.name}"


@dataclasses.dataclass(frozen=True)
class Room:
    name: str
    number: int  # 112: bridge lan112, 10.112.0.0/24, fd00:112::/64

    @property
    def interface(self):
        return f"lan{self.number}"

    @property
    def prefixes(self):
        return [f"10.{self.number}.0.0/24", f"fd00:{self.number}::/64"]

    @property
    def gateway(self):
        return [self.address(1, 4), self.address(1, 6)]

    def address(self, number, family):
        return f"10.{self.number}.0.{number}" if family == 4 else f"fd00:{self.number}::{number}"


@dataclasses.dataclass(frozen=True)
class Website:
    name: str
    service: str   # id in the service catalogue, or what it stands for
    number: int

    @property
    def ipv4(self):
        return f"203.0.113.{self.number}"

    @property
    def ipv6(self):
        return f"2001:db8:0:2::{self.number}"

    def address(self, family):
        return self.ipv4 if family == 4 else self.ipv6


# Addresses are of the ranges for documentation and benchmarks (RFC 5737, RFC 3849, RFC 2544).
WAN_GATEWAY = ["192.0.2.1", "2001:db8:0:1::1"]
WAN_INTERNET = ["192.0.2.254", "2001:db8:0:1::fe"]
RESOLVER = ["192.0.2.53", "2001:db8:0:1::53"]
WANDERER = ["192.0.2.99", "2001:db8:0:1::99"]  # someone outside, who sends to devices unasked
SERVER_GATEWAY = ["198.18.0.1", "2001:db8:0:3::1"]
BROKER = ["198.18.0.2", "2001:db8:0:3::2"]
BROKER_NAME = f"broker.{DOMAIN}"
BROKER_PORT = 8883
PLACE_MACS = {"gateway": "02:00:00:00:00:01", "internet": "02:00:00:00:00:02", "server": "02:00:00:00:00:03"}
OUTSIDER = "198.18.0.254"  # the machine that the lab runs on, where a lab lets it reach the broker

ROOMS = [Room("lokaal-112", 112), Room("lokaal-113", 113)]

HOSTS = [
    Host("phone", "lokaal-112", "02:00:00:00:01:11", 11, "phone"),
    Host("laptop", "lokaal-112", "02:00:00:00:01:12", 12, "laptop"),
    Host("laptop2", "lokaal-112", "02:00:00:00:01:13", 13, "laptop"),
    Host("lab-pc", "lokaal-112", "02:00:00:00:01:14", 14, "lab-pc", "school", belongs=True),
    Host("board", "lokaal-112", "02:00:00:00:01:15", 15, "board", "school", belongs=True),
    Host("teacher", "lokaal-112", "02:00:00:00:01:16", 16, "tablet", "staff"),
    Host("guest", "lokaal-112", "02:00:00:00:01:17", 17, known=False),
    Host("laptop-113", "lokaal-113", "02:00:00:00:01:31", 31, "laptop"),
]

# The agent's place in each room, where there is an agent.
PROBES = [
    Host("probe-112", "lokaal-112", "02:00:00:00:01:70", 70, owner="school", belongs=True, tags=("probe",)),
    Host("probe-113", "lokaal-113", "02:00:00:00:01:71", 71, owner="school", belongs=True, tags=("probe",)),
]

WEBSITES = [
    Website("www.instagram.com", "instagram", 11),
    Website("www.tiktok.com", "tiktok", 12),
    Website("www.youtube.com", "youtube", 13),
    Website("web.whatsapp.com", "whatsapp", 14),
    Website("school.zportal.nl", "zermelo", 21),
    Website("inloggen.somtoday.nl", "somtoday", 22),
    Website("school.remindotoets.nl", "remindotoets", 31),
    Website("www.example.org", "neutral", 41),
]

# Names that exist outside without a web server: what a gateway answers for them is its own doing.
OTHER_NAMES = ["mask.icloud.com", "mask-h2.icloud.com", "use-application-dns.net", "dns.google"]


def room(name):
    return next(one for one in ROOMS if one.name == name)


def host(name):
    return next(one for one in HOSTS if one.name == name)


def address_of(host_name, family):
    one = host(host_name)
    return room(one.room).address(one.number, family)


def website(name):
    return next(one for one in WEBSITES if one.name == name)
