"""What pyproject.toml cannot say: the kernels, compiled where there is a compiler.

``make kernels`` builds them in place; a build without a compiler goes on without them.
"""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "text_classification.cnn._kernels",
            ["container/text_classification/cnn/kernels.c"],
            extra_compile_args=["-O3", "-std=c11", "-fno-math-errno", "-Wall", "-Wextra"],
            libraries=["m"],
            optional=True,
        )
    ]
)
