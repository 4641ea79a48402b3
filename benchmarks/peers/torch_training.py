"""PyTorch: the same network as its users write it."""

import time
from functools import cache
from pathlib import Path

import torch
from torch import nn

from benchmarks.training_data import SEED, load
from text_classification.cnn.architectures.kim.configuration import KimConfiguration


class Kim(nn.Module):
    """Token ids [B, T] to logits [B, classes]."""

    def __init__(self, configuration: KimConfiguration) -> None:
        super().__init__()
        size, filters = configuration.embedding_size, configuration.filters
        self.embedding = nn.Embedding(configuration.vocabulary_size, size)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, filters, width) for width in configuration.kernel_widths
        )
        self.dropout = nn.Dropout(configuration.dropout)
        self.dense = nn.Linear(configuration.features, configuration.classes)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the logits."""
        embedded = self.embedding(tokens).transpose(1, 2)  # [B, D, T]
        pooled = [
            convolution(embedded).relu().amax(dim=2)  # [B, F]
            for convolution in self.convolutions
        ]
        return self.dense(self.dropout(torch.cat(pooled, dim=1)))


class Peer:
    """Steps of Adam on batches that lie ready as tensors of padded documents."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._prepared = cache(self._prepare)

    def seconds(self, case: str, batch_size: int, documents: int) -> float:
        """Return the time of training on the first ``documents``."""
        model, optimizer, tokens, labels = self._prepared(case)
        started = time.perf_counter()
        for start in range(0, documents, batch_size):
            batch = slice(start, start + batch_size)
            loss = nn.functional.cross_entropy(model(tokens[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return time.perf_counter() - started

    def _prepare(self, case: str) -> tuple[Kim, torch.optim.Adam, torch.Tensor, torch.Tensor]:
        data = load(case, self._data)
        torch.manual_seed(SEED)
        model = Kim(data.configuration)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        tokens, labels = torch.from_numpy(data.padded()), torch.from_numpy(data.labels).long()
        return model.train(), optimizer, tokens, labels
