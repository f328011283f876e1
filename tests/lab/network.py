"""Wires the school: one namespace a host, a bridge with isolated ports a room, the gateway in the middle."""

import pathlib

from . import namespaces, school
from .execute import LabError, run

PLACES = ["internet", "gateway", "server"]


class Network:
    """The namespaces of one lab, under a prefix of its own; no interface outside them but `outside_link`'s."""

    def __init__(self, prefix):
        self.prefix = prefix
        self._resolver = "gateway"

    def namespace(self, name):
        return f"{self.prefix}-{name}"

    def nameservers(self, host):
        """Over IPv4 and over IPv6."""
        return school.room(host.room).gateway if self._resolver == "gateway" else school.RESOLVER

    def build(self, resolver):
        """`resolver`: whom the rooms ask: "gateway", or "internet" where no gateway answers port 53."""
        self._resolver = resolver
        broker_line = [(school.BROKER[0], school.BROKER_NAME)]
        for place in PLACES:
            namespaces.create(self.namespace(place), nameservers=school.RESOLVER[:1], hosts=broker_line)
        for place in PLACES:
            self._settle(place)
        self._wan()
        self._server()
        for room in school.ROOMS:
            self._room(room)
        for host in school.HOSTS:
            self.add(host)
        self._forwarding()

    def _settle(self, name):
        # Addresses are usable at once: nobody else can have them (RFC 4862 section 5.4).
        namespaces.write_sysctls(self.namespace(name), {
            "net/ipv6/conf/all/accept_dad": 0, "net/ipv6/conf/default/accept_dad": 0,
            "net/ipv6/conf/default/accept_ra": 0})

    def _wan(self):
        gateway, internet = self.namespace("gateway"), self.namespace("internet")
        namespaces.batch(gateway, [
            f"link add wan0 address {school.PLACE_MACS['gateway']} type veth "
            f"peer name eth0 address {school.PLACE_MACS['internet']} netns {internet}",
            f"address add {school.WAN_GATEWAY[0]}/24 dev wan0", f"address add {school.WAN_GATEWAY[1]}/64 dev wan0",
            "link set wan0 up"])
        lines = ["link set eth0 up"]
        for v4, v6 in (school.WAN_INTERNET, school.RESOLVER, school.WANDERER):
            lines += [f"address add {v4}/24 dev eth0", f"address add {v6}/64 dev eth0"]
        for site in school.WEBSITES:
            lines += [f"address add {site.ipv4}/32 dev lo", f"address add {site.ipv6}/128 dev lo"]
        lines += [f"route add default via {school.WAN_GATEWAY[0]}",
                  f"route add ::/0 via {school.WAN_GATEWAY[1]}"]
        namespaces.batch(internet, lines)
        namespaces.batch(gateway, [f"route add default via {school.WAN_INTERNET[0]}",
                                   f"route add ::/0 via {school.WAN_INTERNET[1]}"])

    def _server(self):
        gateway, server = self.namespace("gateway"), self.namespace("server")
        namespaces.batch(gateway, [
            "link add srv0 type veth "
            f"peer name eth0 address {school.PLACE_MACS['server']} netns {server}",
            f"address add {school.SERVER_GATEWAY[0]}/24 dev srv0",
            f"address add {school.SERVER_GATEWAY[1]}/64 dev srv0", "link set srv0 up"])
        namespaces.batch(server, [
            "link set eth0 up", f"address add {school.BROKER[0]}/24 dev eth0",
            f"address add {school.BROKER[1]}/64 dev eth0",
            f"route add default via {school.SERVER_GATEWAY[0]}",
            f"route add ::/0 via {school.SERVER_GATEWAY[1]}"])

    def _room(self, room):
        gateway = self.namespace("gateway")
        lines = [f"link add {room.interface} type bridge stp_state 0 forward_delay 0",
                 f"address add {room.gateway[0]}/24 dev {room.interface}",
                 f"address add {room.gateway[1]}/64 dev {room.interface}", f"link set {room.interface} up"]
        namespaces.batch(gateway, lines)

    def add(self, host):
        """A host with a port of its room."""
        gateway, room, port = self.namespace("gateway"), school.room(host.room), f"p-{host.name}"
        namespaces.create(self.namespace(host.name), nameservers=self.nameservers(host))
        self._settle(host.name)
        namespaces.batch(gateway, [
            f"link add {port} type veth peer name eth0 address {host.mac} netns {self.namespace(host.name)}",
            f"link set {port} master {room.interface}", f"link set {port} up"])
        # What a room's switch or access points do: peers meet at the gateway, or not at all.
        run(["bridge", "-n", gateway, "link", "set", "dev", port, "isolated", "on"])
        namespaces.batch(self.namespace(host.name), [
            "link set eth0 up", f"address add {room.address(host.number, 4)}/24 dev eth0",
            f"address add {room.address(host.number, 6)}/64 dev eth0",
            f"route add default via {room.gateway[0]}", f"route add ::/0 via {room.gateway[1]}"])

    def track_connections(self, name):
        """Its first rule with `ct` brings connection tracking into a namespace, and the setting with it: a connection
        that began before the rules is not taken up in its middle."""
        run(["ip", "netns", "exec", self.namespace(name), "nft", "-f", "-"],
            stdin="table inet wake { chain c { type filter hook forward priority 0; ct state new; }; }\n"
                  "delete table inet wake\n")
        namespaces.write_sysctls(self.namespace(name), {"net/netfilter/nf_conntrack_tcp_loose": 0})

    def _forwarding(self):
        gateway = self.namespace("gateway")
        self.track_connections("gateway")
        values = {"net/ipv4/ip_forward": 1, "net/ipv6/conf/all/forwarding": 1,
                  # Loose reverse-path check, as Debian's systemd sets it, with the mark taken into account.
                  "net/ipv4/conf/all/rp_filter": 2, "net/ipv4/conf/all/src_valid_mark": 1}
        with namespaces.inside(gateway):
            bridges_filter = pathlib.Path("/proc/sys/net/bridge/bridge-nf-call-iptables").exists()
        if bridges_filter:
            values |= {f"net/bridge/bridge-nf-call-{kind}": 0 for kind in ("iptables", "ip6tables", "arptables")}
        namespaces.write_sysctls(gateway, values)

    def outside_link(self):
        """Lets programs on this machine, outside every namespace, reach the broker's address and nothing else."""
        server = self.namespace("server")
        name = f"{self.prefix[:11]}-adm"
        if run(["ip", "route", "show", "exact", f"{school.BROKER[0]}/32"]).stdout:
            raise LabError(f"{school.BROKER[0]} has a route on this machine already")
        run(["ip", "link", "add", name, "type", "veth", "peer", "name", "adm0", "netns", server])
        namespaces.batch(server, ["link set adm0 up", f"route add {school.OUTSIDER}/32 dev adm0"])
        run(["ip", "address", "add", f"{school.OUTSIDER}/32", "dev", name])
        run(["ip", "link", "set", name, "up"])
        run(["ip", "route", "add", f"{school.BROKER[0]}/32", "dev", name, "src", school.OUTSIDER])

    def remove(self):
        for namespace in namespaces.with_prefix(f"{self.prefix}-"):
            namespaces.remove(namespace)
