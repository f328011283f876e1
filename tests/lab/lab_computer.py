"""The lab computer's own lokaald: it keeps that machine as its room is kept, whatever the gateway does."""

from . import school
from .lokaald import Lokaald, devices_toml


class LabComputer(Lokaald):
    HOST = school.host(school.LAB_COMPUTER)

    def __init__(self, folder, network, processes, program, protocol, source):
        super().__init__(folder, network, processes, program, protocol, source, self.HOST.name, school.LAB_NODE)

    def configure(self, authority, broker, identities):
        self._network.track_connections(self.HOST.name)
        role = f'\n[machine]\ndevice = "{self.HOST.id}"\nroom = "{self.HOST.room}"\n'
        self.write(authority, broker, identities, identities.lab_node.key, devices_toml([self.HOST]),
                   school.room(self.HOST.room).gateway, role)
