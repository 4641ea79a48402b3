"""EventBridge Scheduler: moto keeps the schedules, the emulator carries them out."""
