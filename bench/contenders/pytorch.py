"""PyTorch on the CPU: nn.LSTM, nn.GRU and nn.RNN, forward, backward and training steps. Arguments: threads, cases.mjs' TRAINING."""

import json
import sys

from lines import answer, sequence, serve

try:
    import torch
except ImportError:
    answer({"missing": "PyTorch for /usr/bin/python3: install Debian's python3-torch and libopenblas0-pthread"})
    sys.exit()

TRAINING = json.loads(sys.argv[2])
CELLS = {"lstm": (torch.nn.LSTM, 4), "gru": (torch.nn.GRU, 3), "rnn": (torch.nn.RNN, 1)}


def tensor(seed, amplitude, *shape):
    count = int(torch.tensor(shape).prod())
    return torch.from_numpy(sequence(count, seed, amplitude).reshape(shape))


def layer_of(case):
    """The layer with the case's weights. PyTorch's second bias stays zero."""
    I, H = case["I"], case["H"]
    make, gates = CELLS[case["cell"]]
    layer = make(I, H)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(tensor(2, H**-0.5, gates * H, I))
        layer.weight_hh_l0.copy_(tensor(3, H**-0.5, gates * H, H))
        layer.bias_ih_l0.copy_(tensor(4, 0.1, gates * H))
        layer.bias_hh_l0.zero_()
    return layer


def prepare(case):
    if case["cell"] not in CELLS or case["kind"] not in PREPARE:
        return "only forward, backward and training steps of LSTM, GRU (reset after) and RNN"
    layer = layer_of(case)
    x = tensor(1, 1.0, case["T"], case["B"], case["I"])
    return PREPARE[case["kind"]](case, layer, x)


def prepare_layer(case, layer, x):
    dy = tensor(5, 1.0, case["T"], case["B"], case["H"])
    x.requires_grad_(True)

    def run():
        layer.zero_grad()
        x.grad = None
        y, _ = layer(x)
        y.backward(dy)
        return y

    size = lambda values: float(values.grad.abs().sum(dtype=torch.float64))
    checks = {
        "sumY": float(run().sum(dtype=torch.float64)),
        "sumAbsDWx": size(layer.weight_ih_l0),
        "sumAbsDWh": size(layer.weight_hh_l0),
        "sumAbsDb": size(layer.bias_ih_l0),
        "sumAbsDX": size(x),
    }
    return run, checks


def prepare_step(case, layer, x):
    T, B, H = case["T"], case["B"], case["H"]
    target = tensor(6, 1.0, T, B, 1)
    head = torch.nn.Linear(H, 1)
    with torch.no_grad():
        head.weight.copy_(tensor(7, H**-0.5, 1, H))
        head.bias.copy_(tensor(8, 0.1, 1))
    # The second bias would be learned twice as fast together with the first; the others have one.
    names = [name for name in dict(layer.named_parameters()) if case["cell"] == "gru" or name != "bias_hh_l0"]
    learned = [getattr(layer, name) for name in names] + list(head.parameters())
    betas = (TRAINING["beta1"], TRAINING["beta2"])
    optimiser = torch.optim.Adam(learned, lr=TRAINING["learningRate"], betas=betas, eps=TRAINING["epsilon"])

    def run():
        optimiser.zero_grad()
        y, _ = layer(x)
        loss = (head(y) - target).abs().mean() * 0.5
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, TRAINING["clipNorm"])
        optimiser.step()
        return loss.item()

    return run, {"loss1": run(), "loss2": run(), "loss3": run()}


def prepare_forward(case, layer, x):
    def run():
        with torch.no_grad():
            return layer(x)[0]

    return run, {"sumY": float(run().sum(dtype=torch.float64))}


PREPARE = {"layer": prepare_layer, "step": prepare_step, "forward": prepare_forward}


def blas():
    """The file that Debian's alternatives put behind libblas.so.3, which is the BLAS that this PyTorch calls."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    return "OpenBLAS" if any("openblas" in path for path in paths) else "reference BLAS"


torch.set_num_threads(int(sys.argv[1]))
onednn = "with" if torch.backends.mkldnn.is_available() else "without"
serve({"PyTorch": f"{torch.__version__}, {blas()}, {onednn} oneDNN"}, prepare)
