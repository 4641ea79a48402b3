"""SageMaker's two services: one manages resources, the runtime invokes endpoints."""

from textcnn.emulator.operations import Operations

sagemaker = Operations("sagemaker")
