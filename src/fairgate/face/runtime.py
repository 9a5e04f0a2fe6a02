"""The one door to the inference runtime (ONNX Runtime).

A model is bytes whose digest was checked before. What it may do is bounded here: standard operators only, no data
outside the bytes, no telemetry, no log lines, and as many threads as were asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import onnxruntime as ort

from fairgate.errors import EngineFault, ExecutionProviderRefused, PackModelFormat
from fairgate.face.onnx_guard import refuse_unsafe
from fairgate.face.prelu import without_prelu

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
PROVIDERS = {"cpu": CPU, "cuda": CUDA}
"""The runtime's names, by the words of the setting ``execution_provider``."""

# Tensor cores round float32 to ten bits of mantissa unless told not to, and features would differ by more than 1e-3.
_OPTIONS = {CUDA: {"use_tf32": "0"}}

_FATAL_ONLY = 4


class Network(Protocol):
    """What the stages need of a network: values in, one for each input, and all outputs out."""

    def run(self, *values: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
        """Return every output."""
        ...


class Session:
    """One network, ready to run; not for use by several threads at once.

    Args:
        model: an ONNX model's bytes.
        threads: how many threads one run may use.
        provider: the runtime's name of where it runs; the CPU unless configured otherwise.
        varying_sizes: whether the input's size changes from run to run; no memory plan is kept then.

    Raises:
        PackRefused: the model reaches outside itself (each kind of it has its own class).
        PackModelFormat: the model cannot be loaded.
        ExecutionProviderRefused: the provider is not installed, or the runtime would quietly use another.
    """

    def __init__(self, model: bytes, *, threads: int = 1, provider: str = CPU, varying_sizes: bool = False) -> None:
        refuse_unsafe(model)
        ort.disable_telemetry_events()
        ort.set_default_logger_severity(_FATAL_ONLY)
        if provider not in ort.get_available_providers():
            raise ExecutionProviderRefused(
                f"The execution provider {provider} is not installed.",
                way_out=f"Installed: {', '.join(ort.get_available_providers())}.",
            )
        if provider == CPU:
            model = without_prelu(model)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = _FATAL_ONLY
        options.enable_mem_pattern = not varying_sizes
        options.use_deterministic_compute = True
        # A waiting thread would otherwise spin, and take the core from the other stages.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = ort.InferenceSession(
                model, options, providers=[(provider, _OPTIONS.get(provider, {}))]
            )
        except Exception as cause:  # the runtime raises its own kinds, which have no common base but Exception
            raise PackModelFormat(
                "A model cannot be loaded by the inference runtime.", way_out="Run `fairgate packs verify`."
            ) from cause
        if self._session.get_providers()[0] != provider:
            raise ExecutionProviderRefused(
                f"The execution provider {provider} could not be started.",
                way_out="Check the device's driver and libraries, or set execution_provider to cpu.",
            )
        self._names: tuple[str, ...] = tuple(found.name for found in self._session.get_inputs())
        self.input_shapes: tuple[tuple[int | None, ...], ...] = tuple(
            tuple(side if isinstance(side, int) else None for side in found.shape)
            for found in self._session.get_inputs()
        )
        self.facts: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)

    def run(self, *values: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
        """Return every output.

        Args:
            values: one for each of the model's inputs, in its order, of the type and shape that it asks for.

        Raises:
            EngineFault: the runtime failed.
        """
        try:
            return tuple(self._session.run(None, dict(zip(self._names, values, strict=True))))
        except Exception as cause:
            raise EngineFault("The inference runtime failed.") from cause


def versions() -> dict[str, str]:
    """Return the runtime's name and version, and what it can run on."""
    return {"onnxruntime": str(ort.__version__), "providers": ", ".join(ort.get_available_providers())}
