"""The promises of docs/why/threats.md, tried: quick here, long with `make harden`."""
