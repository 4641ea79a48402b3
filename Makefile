# make             what there is to make
# make demo        train on the sample and serve it, without Docker
# make cloud-demo  the whole life of a model on SageMaker, rehearsed on this machine
# make test        the tests, the image's too where a Docker engine can be had; TESTS= for some

PYTHON ?= python3
VENV ?= .venv
IMAGE ?= text-classification
DOCKER ?= docker
# What the images are built from, and of what; the Dockerfile's base where none is named.
BASE_IMAGE ?=
REVISION ?= $(shell git describe --always --exclude '*' --abbrev=12 --dirty 2>/dev/null || echo unknown)
build_options = --build-arg REVISION=$(REVISION) $(if $(BASE_IMAGE),--build-arg BASE_IMAGE=$(BASE_IMAGE))
# How long the soak lasts.
MINUTES ?= 10
# The most documents of a job in bench-scale; a million takes hours.
DOCUMENTS ?= 1000000
# Real documents for the benchmarks; where there are none, they make some or skip a case.
DATA ?= ../shared/data

export PYTHONPATH := $(CURDIR)/container:$(CURDIR)/cloud
# Compiled once: to compile TensorFlow's modules anew takes a process as long as ten small jobs.
unexport PYTHONDONTWRITEBYTECODE
# The files hold everything that is needed, so nothing is looked for beside them.
pip_options := --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile
run := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
.DEFAULT_GOAL := help
kernels := $(VENV)/kernels.built
axe := tests/web/axe/node_modules/.package-lock.json

# A test of how smoothly the page goes wants the machine for itself.
alone := tests/web/test_large_file.py
# Whoever names tests means them, exhaustive ones too.
ifdef TESTS
export EXHAUSTIVE := true
endif

# Options of `textcnn emulator`, such as --port or --docker.
EMULATOR ?=

.PHONY: help demo cloud-here cloud-demo notebooks test coverage check fix image check-image docs requirements clean \
	bench-training bench-inference bench-endpoint bench-accuracy bench-scale benchmark soak

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

demo: $(VENV)/train.installed $(kernels) ## train on the sample letters, serve the model, ask it; no Docker
	@tools/system_packages.sh nginx
	$(run) python tools/demo.py

cloud-here: $(VENV)/train.installed $(VENV)/cloud.installed $(kernels) ## SageMaker on this machine until Ctrl+C, for boto3, the AWS CLI, the SDK and ./textcnn
	@tools/system_packages.sh nginx
	@./textcnn emulator $(EMULATOR)

cloud-demo: $(VENV)/train.installed $(VENV)/cloud.installed $(kernels) ## the whole life of a model on the emulator; no account, no Docker
	@tools/system_packages.sh nginx
	$(run) python tools/cloud_demo.py $(DEMO)

notebooks: $(VENV)/notebooks.installed $(VENV)/cloud.installed .venv-sdk/sdk.installed $(kernels) ## run the notebooks and write them anew with their outputs
	@tools/system_packages.sh nginx
	$(run) python tools/notebooks.py

test: $(VENV)/dev.installed $(VENV)/cloud.installed .venv-sdk/sdk.installed $(axe) $(kernels) ## run the tests, with the real image where a Docker engine can be had
	@tools/system_packages.sh nginx docker docker-compose registry htpasswd debootstrap curl \
		aarch64-linux-gnu-gcc postgres chromium
	$(run) python -m pytest $(COVERAGE) $(or $(TESTS),$(alone))
ifndef TESTS
	$(run) python -m pytest $(COVERAGE) --numprocesses 3 --dist loadfile --no-loadscope-reorder \
		$(alone:%=--ignore %)
endif

test-all: export EXHAUSTIVE = true
test-all: test ## run the exhaustive tests too, as CI does: those that cost minutes and find what is rare

coverage: ## run the tests and print the lines that none of them reaches; servers are slower then
	@rm -f .coverage
	@$(MAKE) --no-print-directory test COVERAGE="--cov --cov-append"
	$(run) python -m coverage report

check: $(VENV)/dev.installed ## lint, types, import rules, shell scripts, Dockerfile, generated documents; changes nothing
	@tools/system_packages.sh shellcheck
	$(run) ruff check .
	$(run) ruff format --check .
	$(run) mypy
	$(run) lint-imports
	shellcheck -x build_and_push.sh textcnn local_test/*.sh tools/*.sh .ci/run
	$(run) hadolint Dockerfile
	$(run) python tools/generate_docs.py --check
	$(run) python tools/notebooks.py --sources

fix: $(VENV)/dev.installed ## mend what check can mend
	$(run) ruff check --fix .
	$(run) ruff format .
	$(run) python tools/generate_docs.py

docs: $(VENV)/train.installed $(VENV)/cloud.installed ## write the generated documents anew
	$(run) python tools/generate_docs.py

bench-training: ## time training steps beside Keras and PyTorch
	@$(MAKE) --no-print-directory VENV=.venv-bench BENCHMARK=training \
		PEERS=.venv-bench/torch.installed benchmark

bench-inference: ## time answers beside ONNX Runtime, Keras, fastText and a linear model
	@$(MAKE) --no-print-directory VENV=.venv-bench BENCHMARK=inference benchmark

bench-endpoint: ## load our server and those that people use instead
	@tools/system_packages.sh nginx wrk
	@$(MAKE) --no-print-directory VENV=.venv-bench BENCHMARK=endpoint benchmark

bench-accuracy: ## test accuracy beside a linear model, fastText and a plain CNN, on the sets in DATA
	@$(MAKE) --no-print-directory VENV=.venv-bench BENCHMARK="accuracy $(ACCURACY)" benchmark

bench-scale: ## whole jobs of DOCUMENTS made documents beside fastText and earlier code, steps on several hosts
	@$(MAKE) --no-print-directory VENV=.venv-bench BENCHMARK="scale --documents $(DOCUMENTS)" benchmark

benchmark: $(VENV)/bench.installed $(PEERS) $(kernels)
	$(run) TF_CPP_MIN_LOG_LEVEL=2 python -m benchmarks.$(BENCHMARK) --data $(DATA)

soak: $(VENV)/train.installed $(kernels) ## serve MINUTES of mixed load with workers killed beside it; nothing may be lost
	@tools/system_packages.sh nginx
	$(run) python -m benchmarks.soak --minutes $(MINUTES)

image: ## build the image and the one that serves only, from BASE_IMAGE, with REVISION as a label
	$(DOCKER) build $(build_options) --tag $(IMAGE)-inference --target inference .
	$(DOCKER) build $(build_options) --tag $(IMAGE) .

check-image: ## check IMAGE against SageMaker's container contract (OPTIONS=... as in check_image.sh)
	DOCKER=$(DOCKER) local_test/check_image.sh $(IMAGE) $(OPTIONS)

requirements: ## pin the requirements anew (needs uv)
	cd requirements && for name in pip serve train cloud notebooks dev bench sdk; do \
		uv pip compile --quiet --universal --generate-hashes --no-strip-extras \
			--python-version 3.11 --no-header \
			$(UPGRADE) $$name.in --output-file $$name.txt || exit 1; done

clean: ## remove what make and the local scripts have written
	rm -rf $(VENV) .venv-bench .venv-cloud .venv-sdk .screenshots tests/web/axe/node_modules .demo .cloud-demo .soak .coverage .*_cache build local_test/test_dir/model \
		local_test/test_dir/output

# Without a compiler this goes on, and NumPy does the kernels' work, slower.
$(kernels): $(wildcard container/text_classification/kernels/*.[ch]) setup.py | $(VENV)/train.installed
	@tools/system_packages.sh gcc
	$(VENV)/bin/python setup.py --quiet build_ext --inplace
	touch $@

# axe-core alone; npm holds it against the lock file.
$(axe): tests/web/axe/package-lock.json | $(VENV)/dev.installed
	$(run) npm ci --prefix $(<D) --ignore-scripts --no-audit --no-fund --silent
	touch $@

$(VENV)/bin/python:
	$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv $(VENV)
	$@ -m pip install $(pip_options) --requirement requirements/pip.txt

$(VENV)/%.installed: requirements/%.txt | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install $(pip_options) --requirement $<
	touch $@

# Environments of their own: textcnn without training, and the sagemaker SDK, which asks for much.
ifeq ($(VENV),.venv)
.venv-cloud/%.installed .venv-sdk/%.installed: requirements/%.txt
	@$(MAKE) --no-print-directory VENV=$(@D) $@
endif

# PyTorch comes as another build for each kind of machine: pip takes the one that fits.
$(VENV)/torch.installed: requirements/bench-torch.txt | $(VENV)/bench.installed
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@
