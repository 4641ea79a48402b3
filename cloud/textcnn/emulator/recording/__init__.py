"""Which operations the emulator's clients asked for, and the IAM actions that those need."""
