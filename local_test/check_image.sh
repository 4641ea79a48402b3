#!/usr/bin/env bash
# Check any image against SageMaker's container contract, training and hosting, and tell what holds.
#
#   local_test/check_image.sh IMAGE [OPTIONS]
#   local_test/check_image.sh --help
#
# Exit code: 0 when the image keeps to all rules, 1 when it breaks one, 2 when it could not be
# checked, 130 after Ctrl+C. Only Docker and Python 3.11 or later are needed.
# shellcheck source=local_test/common.sh
. "$(dirname "$0")/common.sh"

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or later is needed"
case " $* " in
    *' --help '* | *' -h '*) ;;
    *) need_engine ;;
esac
PYTHONPATH=$here DOCKER=$docker exec python3 -m check_image "$@"
