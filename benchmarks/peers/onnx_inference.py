"""ONNX Runtime on the network as it is defined: every window of every filter is computed."""

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from benchmarks.inference_data import Job
from benchmarks.peers.padded import BATCH, Padder
from benchmarks.peers.timing import Labeller
from text_classification import artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.convolutions import bias_name, kernel_name


class Peer(Labeller):
    """The weights of our model in a dense graph, with one thread."""

    def _prepare(self, job: Job) -> None:
        model = artifact.load(job.model)
        self._labels, self._padder = (
            model.labels,
            Padder(model.tokenizer, model.vocabulary.tokens, model.configuration.sequence_length),
        )
        assert isinstance(model.configuration, KimConfiguration)  # noqa: S101
        self._graph = dense_graph(model.configuration, model.weights)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            self._graph, options, providers=["CPUExecutionProvider"]
        )

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text."""
        labels: list[str] = []
        for start in range(0, len(texts), BATCH):
            tokens = self._padder.pad(texts[start : start + BATCH])
            (scores,) = self._session.run(None, {"tokens": tokens})
            labels += [self._labels[index] for index in np.argmax(scores, axis=1)]
        return labels

    def model_bytes(self) -> int:
        """Return the size of the ONNX file."""
        return len(self._graph)


def dense_graph(configuration: KimConfiguration, weights: Weights) -> bytes:
    """Return the network as an ONNX file: tokens, int32 [B, T], to scores, float32 [B, C]."""
    nodes = [
        helper.make_node("Gather", ["embedding", "tokens"], ["embedded"]),  # [B, T, D]
        helper.make_node("Transpose", ["embedded"], ["columns"], perm=[0, 2, 1]),  # [B, D, T]
    ]
    arrays = {name: weights[name] for name in ("embedding", "dense.kernel", "dense.bias")}
    arrays["time"] = np.array([2], np.int64)
    pooled = []
    for width in configuration.kernel_widths:
        kernel, bias = kernel_name(width), bias_name(width)
        # Keras keeps [width, D, F], ONNX wants [F, D, width].
        arrays[kernel] = np.ascontiguousarray(weights[kernel].transpose(2, 1, 0))
        arrays[bias] = weights[bias]
        windows, active, most = (f"{each}_{width}" for each in ("windows", "active", "most"))
        nodes += [
            helper.make_node("Conv", ["columns", kernel, bias], [windows]),  # [B, F, T - width + 1]
            helper.make_node("Relu", [windows], [active]),
            helper.make_node("ReduceMax", [active, "time"], [most], keepdims=0),  # [B, F]
        ]
        pooled.append(most)
    nodes += [
        helper.make_node("Concat", pooled, ["features"], axis=1),
        helper.make_node("Gemm", ["features", "dense.kernel", "dense.bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    length, classes = configuration.sequence_length, configuration.classes
    graph = helper.make_graph(
        nodes,
        "kim",
        [helper.make_tensor_value_info("tokens", TensorProto.INT32, ["documents", length])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["documents", classes])],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    serialized: bytes = model.SerializeToString()
    return serialized
