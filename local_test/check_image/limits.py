"""The platform's limits, and how long this program looks where the platform names no limit."""

READY_SECONDS = 480.0
PING_SECONDS = 2.0
CONNECT_SECONDS = 0.25
RESPONSE_SECONDS = 60.0
STOP_JOB_SECONDS = 120.0
STOP_SERVER_SECONDS = 30.0
# What reaches people of an error's body, and of the failure file.
ERROR_CHARACTERS = 2048
REASON_CHARACTERS = 1024
# Of a batch transform: concurrency times payload.
BATCH_MEGABYTES = 100
SERVERLESS_GIGABYTES = 10

# A server that lost its workers answers again, or ends, within this time.
RECOVERY_SECONDS = 60.0
# A server without a model is looked at for this long, and twice as long as a good one took.
BROKEN_SECONDS = 5.0
# A container without a verb is looked at for this long, and twice as long as train takes to fail.
BARE_START_SECONDS = 20.0
# How long requests come side by side while /ping is asked.
BUSY_SECONDS = 3.0
