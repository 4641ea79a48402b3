"""SageMaker's two services: the one that manages, and the runtime that endpoints are asked by."""

from textcnn.emulator.operations import Operations

sagemaker = Operations("sagemaker")
