"""lokaald on the gateway of the lab, with its routing guard."""

from . import school
from .execute import run
from .lokaald import Lokaald, devices_toml, toml_list


class Gateway(Lokaald):
    def __init__(self, folder, network, processes, program, protocol, source):
        super().__init__(folder, network, processes, program, protocol, source, "gateway", school.NODE)

    def configure(self, authority, broker, identities):
        rooms = "".join(f'\n[[room]]\nname = "{room.name}"\ninterfaces = ["{room.interface}"]\n'
                        f"prefixes = {toml_list(room.prefixes)}\n" for room in school.ROOMS)
        self.write(authority, broker, identities, identities.node.key, devices_toml([*school.HOSTS, *school.PROBES]),
                   school.RESOLVER, rooms)

    def guard(self, action):
        """The routing guard, as its own unit sets it before the network: `install` or `remove`."""
        run([*self.command_line(), "--guard", action])
