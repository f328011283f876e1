"""A school of network namespaces: real name server, web servers, broker and hosts around the gateway under test."""
