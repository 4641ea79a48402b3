# One image, two commands: train and serve. The target "inference" serves only, without TensorFlow.
#
#   docker build --tag text-classification .
#   docker build --tag text-classification-inference --target inference .
#
# The libraries come before the program, so that a changed line of it rebuilds, pushes and pulls the
# last few megabytes only.
#
# Debian keeps but the newest build of each package, so that a pinned version cannot be installed
# once it has had a security fix; and what a build stage leaves behind is not in the image.
# hadolint global ignore=DL3008,DL3009

ARG BASE_IMAGE=debian:trixie-slim

FROM ${BASE_IMAGE} AS base
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nginx-light python3 \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
ENV LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

# The libraries, in a virtual environment that is copied whole; pip stays behind in these stages.
FROM base AS serving-libraries
RUN apt-get update && apt-get install --yes --no-install-recommends python3-pip python3-venv
COPY requirements/serve.txt /requirements/
# Tests that libraries bring along are of no use here.
RUN python3 -m venv --without-pip /opt/venv \
    && python3 -m pip --python /opt/venv/bin/python3 install --no-cache-dir --require-hashes \
        --only-binary :all: --requirement /requirements/serve.txt \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} +

# The kernels, compiled for every processor of the platform: the fastest version is chosen at run
# time.
FROM base AS kernels
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev python3-dev python3-setuptools
WORKDIR /build
COPY pyproject.toml setup.py README.md ./
COPY container/text_classification/__init__.py container/text_classification/
COPY container/text_classification/kernels container/text_classification/kernels
RUN python3 setup.py build_ext --inplace \
    && ls container/text_classification/kernels/_compiled*.so

FROM base AS program
COPY container /opt/program
COPY --from=kernels /build/container/text_classification/kernels \
    /opt/program/text_classification/kernels
# Git on Windows drops mode bits; compiled here, because the root may be read-only at run time.
RUN chmod -R a+rX /opt/program \
    && chmod a+x /opt/program/text_classification/train /opt/program/text_classification/serve \
    && python3 -m compileall -q /opt/program

# How either image is run. The program is on PATH and PYTHONPATH rather than installed, so that
# "train" and "serve" are found as SageMaker looks for them where the entry point is replaced.
FROM base AS settings
ENV PATH=/opt/program/text_classification:/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/program
WORKDIR /opt/program
EXPOSE 8080
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true \
      com.amazonaws.sagemaker.capabilities.multi-models=true \
      org.opencontainers.image.title="text-classification" \
      org.opencontainers.image.description="Train a convolutional text classifier and serve it" \
      org.opencontainers.image.licenses="Apache-2.0"
# Exec form: signals reach the program. SageMaker appends "train" or "serve".
ENTRYPOINT ["python3", "-P", "-m", "text_classification"]

FROM settings AS inference
COPY --from=serving-libraries /opt/venv /opt/venv
COPY --from=program /opt/program /opt/program
ARG REVISION=unknown
ENV IMAGE_REVISION=$REVISION
LABEL org.opencontainers.image.revision=$REVISION

# Below the target "inference": builders that work from top to bottom skip it there.
FROM serving-libraries AS training-libraries
RUN apt-get update && apt-get install --yes --no-install-recommends binutils
COPY requirements/train.txt /requirements/
# ijson and others may come as source on rare platforms: wheels are preferred, not required.
RUN python3 -m pip --python /opt/venv/bin/python3 install --no-cache-dir --require-hashes \
        --prefer-binary --requirement /requirements/train.txt
# Left out, 370 MB: tests; TensorFlow's symbols for debuggers, its headers, and the compiler that
# writes bindings of libraries (clang); Arrow's remote procedure calls and headers.
RUN find /opt/venv -type d -name tests -prune -exec rm -rf {} + \
    && find /opt/venv/lib/python3*/site-packages/tensorflow -name '*.so*' -type f \
        -exec strip --strip-unneeded {} + \
    && rm -rf /opt/venv/lib/python3*/site-packages/tensorflow/include \
        /opt/venv/lib/python3*/site-packages/clang \
        /opt/venv/lib/python3*/site-packages/pyarrow/include \
        /opt/venv/lib/python3*/site-packages/pyarrow/src \
        /opt/venv/lib/python3*/site-packages/pyarrow/*_flight.*

FROM settings AS full
COPY --from=training-libraries /opt/venv /opt/venv
COPY --from=program /opt/program /opt/program
ARG REVISION=unknown
ENV IMAGE_REVISION=$REVISION
LABEL org.opencontainers.image.revision=$REVISION
