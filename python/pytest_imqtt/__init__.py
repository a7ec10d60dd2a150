"""Modems with faults on command, for tests of firmware that talks AT+IMQTT."""
