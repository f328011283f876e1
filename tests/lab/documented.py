"""What nodes say over MQTT, beside docs/mqtt/asyncapi.yaml: every topic and every member stands there."""

import json
import re

import jsonschema
import yaml

from . import school

_DOCUMENT = "docs/mqtt/asyncapi.yaml"
_NAMES = {"site": re.escape(school.SITE), "what": "(cosignature|update|conflict)",
          "document": "(root|timestamp|roster|policy|timetable)", "epoch": r"\d{4}-\d\d-\d\d(\.\d+)?"}


def _closed(schema):
    """The same schema, refusing members that it does not name: readers ignore them, we do not write them."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    return {"additionalProperties": False, **closed} if isinstance(schema.get("properties"), dict) else closed


class Documented:
    """Listens to a panel. `faults`: a line for each message that the document does not describe; `seen`: how many
    of each kind it does."""

    def __init__(self, source):
        document = yaml.safe_load((source / _DOCUMENT).read_text())
        resolver = jsonschema.RefResolver("", {"components": _closed(document["components"])})
        self._channels = [
            (re.compile(re.sub(r"\{(\w+)\}", lambda one: _NAMES.get(one[1], "[a-z0-9][a-z0-9-]{0,62}"),
                               channel["address"])),
             [self._message(document, name["$ref"], resolver) for name in channel["messages"].values()])
            for channel in document["channels"].values()]
        self.faults, self.seen = [], {}

    @staticmethod
    def _message(document, reference, resolver):
        name = reference.rsplit("/", 1)[1]
        message = document["components"]["messages"][name]
        binary = message.get("contentType", document["defaultContentType"]) != "application/json"
        validator = None if binary else jsonschema.Draft7Validator(message["payload"], resolver=resolver)
        return name, validator, "headers" in message and not binary

    def __call__(self, message):
        if not message.payload:
            return  # what was retained is cleared
        for pattern, messages in self._channels:
            if pattern.fullmatch(message.topic):
                (name, validator, signed), = messages
                self.seen[name] = self.seen.get(name, 0) + 1
                self.faults += [f"{message.topic}: {fault}" for fault in self._faults(message, validator, signed)]
                return
        self.faults.append(f"{message.topic}: no channel of {_DOCUMENT}")

    @staticmethod
    def _faults(message, validator, signed):
        if signed and [name for name, _ in message.user].count("jws") != 1:
            yield "not exactly one user property jws"
        if validator is not None:
            for error in validator.iter_errors(json.loads(message.payload)):
                yield f"{'.'.join(str(one) for one in error.absolute_path)}: {error.message}"
