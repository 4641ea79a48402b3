"""What pyproject.toml cannot say: the kernels, compiled where there is a compiler.

``make kernels`` builds them in place; a build without a compiler goes on without them.
"""

import platform

from setuptools import Extension, setup

OPTIONS = ["-O3", "-std=c11", "-fno-math-errno", "-Wall", "-Wextra"]
if platform.machine() == "x86_64":
    # Compilers still avoid the widest vectors, which slowed the first processors that had them.
    OPTIONS.append("-mprefer-vector-width=512")

setup(
    ext_modules=[
        Extension(
            "text_classification.kernels._compiled",
            [
                "container/text_classification/kernels/convolution.c",
                "container/text_classification/kernels/tokens.c",
            ],
            extra_compile_args=OPTIONS,
            libraries=["m"],
            optional=True,
        )
    ]
)
