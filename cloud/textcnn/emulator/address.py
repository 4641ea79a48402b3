"""Where an emulator is by default; the command line knows it without importing the emulator."""

DEFAULT_PORT = 4580
DEFAULT_REGION = "us-east-1"
