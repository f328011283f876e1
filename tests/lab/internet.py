"""What is outside: a name server and web servers with real names, certificates and both families of addresses."""

import pathlib
import sys
import time

from . import school
from .execute import LabError, in_namespace, run

_LARGE_FILE_BYTES = 64 * 1024 * 1024  # sparse: costs no disk


def _zone():
    """Everything that exists, as one root zone."""
    lines = ["$TTL 300", ". IN SOA ns.outside.example. lab.outside.example. 1 3600 600 86400 60",
             ". IN NS ns.outside.example.", f"ns.outside.example. IN A {school.RESOLVER[0]}",
             f"ns.outside.example. IN AAAA {school.RESOLVER[1]}"]
    for site in school.WEBSITES:
        lines += [f"{site.name}. 300 IN A {site.ipv4}", f"{site.name}. 300 IN AAAA {site.ipv6}",
                  f"{site.name}. 300 IN HTTPS 1 . alpn=h2,http/1.1 ipv4hint={site.ipv4} ipv6hint={site.ipv6}"]
    for name in school.OTHER_NAMES:
        lines += [f"{name}. 300 IN A 203.0.113.250", f"{name}. 300 IN AAAA 2001:db8:0:2::250"]
    lines += ["_dns.resolver.arpa. 300 IN SVCB 1 dns.google. alpn=dot",
              # An answer that does not fit in a UDP message of 1232 bytes: the client has to come back by TCP.
              "large.example.org. 300 IN TXT " + " ".join(f'"{str(n) * 100}"' for n in range(10, 20)),
              f"{school.BROKER_NAME}. 300 IN A {school.BROKER[0]}"]
    return "\n".join(lines) + "\n"


def _unbound(folder):
    addresses = "\n".join(f"  interface: {one}" for one in school.RESOLVER)
    return f"""server:
{addresses}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  module-config: "iterator"
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  log-time-ascii: yes
remote-control:
  control-enable: no
auth-zone:
  name: "."
  zonefile: "{folder}/everything.zone"
  for-upstream: yes
  for-downstream: no
  fallback-enabled: no
"""


def _server(site, certificate, key, folder):
    return f"""
  server {{
    listen {site.ipv4}:80; listen [{site.ipv6}]:80;
    listen {site.ipv4}:443 ssl http2; listen [{site.ipv6}]:443 ssl http2;
    server_name {site.name};
    ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ default_type text/plain; return 200 "{site.name}\\n"; }}
    # A download that lasts, and one that tells the time (see origin.py); uploads are counted and forgotten.
    location = /large {{ alias {folder}/large; limit_rate 1m; }}
    location = /ticks {{ proxy_pass http://origin; proxy_buffering off; proxy_read_timeout 600s; }}
    location /sink/ {{ proxy_pass http://origin; proxy_request_buffering off; client_max_body_size 0; }}
  }}"""


def _nginx(folder, authority):
    servers = "".join(_server(site, *authority.issue(site.name), folder) for site in school.WEBSITES)
    return f"""user root;
worker_processes 1;
pid {folder}/nginx.pid;
daemon off;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/tmp-body; proxy_temp_path {folder}/tmp-proxy;
  fastcgi_temp_path {folder}/tmp-1; uwsgi_temp_path {folder}/tmp-2; scgi_temp_path {folder}/tmp-3;
  keepalive_timeout 600s;
  upstream origin {{ server unix:{folder}/origin.sock; }}
  proxy_http_version 1.1;
{servers}
}}
"""


class Internet:
    def __init__(self, folder: pathlib.Path, network, processes):
        self._folder, self._network, self._processes = folder, network, processes
        self.sinks = folder / "sinks"

    def start(self, authority):
        folder = self._folder
        self.sinks.mkdir(parents=True)
        (folder / "everything.zone").write_text(_zone(), encoding="ascii")
        (folder / "unbound.conf").write_text(_unbound(folder), encoding="ascii")
        (folder / "nginx.conf").write_text(_nginx(folder, authority), encoding="ascii")
        with open(folder / "large", "wb") as large:
            large.truncate(_LARGE_FILE_BYTES)
        self._spawn("unbound", ["unbound", "-d", "-c", str(folder / "unbound.conf")])
        self._spawn("origin", [sys.executable, str(pathlib.Path(__file__).with_name("origin.py")),
                               str(folder / "origin.sock"), str(self.sinks)])
        self._spawn("nginx", ["nginx", "-c", str(folder / "nginx.conf"), "-e", "stderr"])
        self._wait()

    def _spawn(self, name, arguments):
        self._processes.spawn(name, in_namespace(self._network.namespace("internet"), arguments),
                              log=self._folder / f"{name}.log")

    def _wait(self):
        inside = self._network.namespace("internet")
        neutral = school.website("www.example.org")
        question = ["dig", "+short", "+time=1", "+tries=1", f"@{school.RESOLVER[0]}", neutral.name, "A"]
        page = ["curl", "-sS", "-o", "/dev/null", "--max-time", "1", f"http://{neutral.ipv4}/"]
        end = time.monotonic() + 30
        while True:
            named = run(in_namespace(inside, question), check=False).stdout.strip() == neutral.ipv4
            served = run(in_namespace(inside, page), check=False).returncode == 0
            if named and served and (self._folder / "origin.sock").exists():
                return
            if time.monotonic() > end:
                raise LabError(f"internet: names {'work' if named else 'do not work'}, pages "
                               f"{'work' if served else 'do not work'}; see {self._folder}/*.log")
            time.sleep(0.05)
