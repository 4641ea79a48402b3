#!/usr/bin/env bash
# Build the image and push it to Amazon ECR, in the form that SageMaker accepts.

set -euo pipefail

usage() {
    cat <<'USAGE'
usage: ./build_and_push.sh [--dry-run] NAME [TAG]

Builds the image, creates the ECR repository NAME when it is missing, pushes the image under TAG
(default: the git hash), reads the manifest back and prints the URI to give to SageMaker. That is
all there is on the standard output; progress and errors go to the standard error stream:

  uri=$(./build_and_push.sh text-classification)

  --dry-run   say what would be done, change nothing
  --help      this text

environment:
  AWS_REGION  the region; default: AWS_DEFAULT_REGION, then the AWS profile's
  PLATFORM    default linux/amd64, which all SageMaker instances but Graviton need
  TARGET      "inference" for the image that serves only; default: the full image
  BASE_IMAGE  default debian:trixie-slim
  LATEST=1    push the tag "latest" too
  DOCKER      the client, default docker
  REGISTRY    another registry than the account's ECR, as host:port

needs: docker, the AWS command line with credentials, curl, git (for the default tag)
USAGE
}

fail() {
    printf 'build_and_push: %s\n' "$*" >&2
    exit 1
}

say() {
    printf '%s\n' "$*" >&2
}

# AWS's own error is on the standard error stream when this fails.
ask_aws() {
    aws "$@" --output text
}

run() {
    say "+ $*"
    [ -n "$dry_run" ] || "$@"
}

dry_run=
arguments=()
for argument in "$@"; do
    case $argument in
        --help | -h) usage; exit 0 ;;
        --dry-run) dry_run=1 ;;
        -*) usage >&2; exit 2 ;;
        *) arguments+=("$argument") ;;
    esac
done
if ((${#arguments[@]} < 1 || ${#arguments[@]} > 2)); then
    usage >&2
    exit 2
fi
name=${arguments[0]}
[[ $name =~ ^[a-z0-9]+([._/-][a-z0-9]+)*$ ]] ||
    fail "'$name' is no repository name: use lower case letters, digits and . _ - / between them"

# The standard output is for the image's URI alone, whatever the programs below print.
exec 3>&1 1>&2

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

cd "$(dirname "$0")"
docker=${DOCKER:-docker}
platform=${PLATFORM:-linux/amd64}
revision=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || revision=$revision-dirty
tag=${arguments[1]:-$revision}
[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || fail "'$tag' is no image tag"

# What must be there, told before anything is built.
command -v "$docker" >/dev/null || fail "there is no $docker command: install Docker"
"$docker" version >/dev/null || fail "Docker's engine cannot be reached: start the Docker service"
command -v curl >/dev/null || fail "there is no curl command: install it"
command -v aws >/dev/null || fail "there is no aws command: install the AWS command line"
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region 2>/dev/null || true)}}
[ -n "$region" ] || fail "no region: set AWS_REGION, or a region in your AWS profile"
export AWS_REGION=$region AWS_DEFAULT_REGION=$region AWS_PAGER=
account=$(ask_aws sts get-caller-identity --query Account) ||
    fail "AWS did not say whose account this is; its own error is above. Check the credentials" \
        "('aws configure', 'aws sso login') and the region $region"
# ECR itself tells the registry's host, whose suffix differs between partitions, and the password.
login=$(ask_aws ecr get-authorization-token --query \
    'authorizationData[0].[proxyEndpoint,authorizationToken]') ||
    fail "ECR gave no login in $region; its own error is above. The caller needs" \
        "ecr:GetAuthorizationToken"
read -r endpoint token <<<"$login"
registry=${REGISTRY:-${endpoint#https://}}
image=$registry/$name
password=$(base64 --decode <<<"$token")
password=${password#AWS:}

# buildx adds an index and attestations unless told not to, and SageMaker refuses both.
build() {
    local options=(--platform "$platform" --tag "$image:$tag" --build-arg "REVISION=$revision")
    [ -z "${BASE_IMAGE:-}" ] || options+=(--build-arg "BASE_IMAGE=$BASE_IMAGE")
    [ -z "${TARGET:-}" ] || options+=(--target "$TARGET")
    if "$docker" buildx version >/dev/null 2>&1; then
        run "$docker" buildx build "${options[@]}" --provenance=false --sbom=false --load .
    else
        DOCKER_BUILDKIT=0 run "$docker" build "${options[@]}" .
    fi
}

create_repository() {
    if mutability=$(ask_aws ecr describe-repositories --repository-names "$name" \
        --query 'repositories[0].imageTagMutability' 2>"$errors"); then
        say "the repository $name exists"
        return
    fi
    grep -q RepositoryNotFoundException "$errors" || fail "ECR does not tell of repositories: $(<"$errors")"
    mutability=MUTABLE
    run ask_aws ecr create-repository --repository-name "$name" \
        --image-scanning-configuration scanOnPush=true --query repository.repositoryUri ||
        fail "the repository $name could not be created; AWS's own error is above"
}

log_in() {
    say "+ docker login $registry"
    [ -n "$dry_run" ] && return
    "$docker" login --username AWS --password-stdin "$registry" <<<"$password" >/dev/null ||
        fail "the login at $registry was refused; Docker's own error is above"
}

# A tag that may not change is left as it is.
push() {
    local pushed=$1
    if [ "$mutability" = IMMUTABLE ] && [ -z "$dry_run" ] && manifest "$pushed" >/dev/null 2>&1; then
        say "the tag $pushed is there and may not be changed: not pushed"
        return
    fi
    [ "$pushed" = "$tag" ] || run "$docker" tag "$image:$tag" "$image:$pushed"
    run "$docker" push --quiet "$image:$pushed"
}

# GET a path of the registry; the password goes through a file descriptor, not the command line.
fetch() {
    local scheme=https
    case $registry in 127.0.0.1:* | localhost:*) scheme=http ;; esac
    curl --silent --show-error --fail --location "${@:2}" \
        --config <(printf 'user = "AWS:%s"\n' "$password") "$scheme://$registry/v2/$name/$1"
}

manifest() {
    fetch "manifests/$1" --include \
        --header "Accept: application/vnd.docker.distribution.manifest.v2+json" \
        --header "Accept: application/vnd.docker.distribution.manifest.list.v2+json" \
        --header "Accept: application/vnd.oci.image.manifest.v1+json" \
        --header "Accept: application/vnd.oci.image.index.v1+json" | tr -d '\r'
}

# Print the URI by digest once the registry's own copy is one SageMaker can run.
verify() {
    local answer type digest config architecture
    answer=$(manifest "$tag") || fail "the pushed manifest cannot be read back from $registry"
    type=$(sed -n 's/^content-type: *//Ip' <<<"$answer" | tail -n 1)
    digest=$(sed -n 's/^docker-content-digest: *//Ip' <<<"$answer" | tail -n 1)
    [ "$type" = application/vnd.docker.distribution.manifest.v2+json ] ||
        fail "the registry holds a $type; SageMaker needs a Docker schema 2 manifest"
    config=$(tr -d '\n' <<<"$answer" | grep -o '"config"[^}]*"digest": *"[^"]*"' | grep -o 'sha256:[0-9a-f]*')
    architecture=$(fetch "blobs/$config" | grep -o '"architecture":"[^"]*"' | head -n 1 | cut -d'"' -f4)
    [ "linux/$architecture" = "$platform" ] ||
        fail "the image is for linux/$architecture, not for $platform"
    say "verified: $type, linux/$architecture"
    printf '%s@%s\n' "$image" "$digest" >&3
}

say "account $account, region $region, image $image:$tag, platform $platform"
build
create_repository
log_in
push "$tag"
[ -z "${LATEST:-}" ] || push latest
if [ -n "$dry_run" ]; then
    say "dry run: nothing was built, created or pushed"
else
    verify
fi
