"""The version of Habeas, in one place: the build, `habeas --version` and receipts read it."""

VERSION = "0.1.0"
