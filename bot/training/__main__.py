"""``python -m bot.training``: train the reader, export it, fit the small models that follow it."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from bot.settings import DATA_PATH, Settings
from bot.training.train import train_reader
from embeddings.encoder import DEFAULT_ENCODER, find_weights, load_encoder

MINUTES = Path("tests/benchmarks/minutes")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reader = commands.add_parser("reader", help="train the reader: about three hours on two cores")
    reader.add_argument("data", type=Path, help="folder with squad2/, selqa/ and clapnq/")
    reader.add_argument("--minutes", type=Path, default=MINUTES)
    reader.add_argument("--out", type=Path, required=True)
    export = commands.add_parser("export", help="export a checkpoint to ONNX, 8 bits")
    export.add_argument("checkpoint", type=Path)
    export.add_argument("--out", type=Path, default=DATA_PATH / "reader")
    fuse = commands.add_parser("fuse", help="fit the ranker, the read ranker and the judge")
    fuse.add_argument("--minutes", type=Path, default=MINUTES)
    fuse.add_argument("--out", type=Path, default=DATA_PATH)
    middle = commands.add_parser("centre", help="find the middle of the multilingual encoder's vectors")
    middle.add_argument("--minutes", type=Path, default=MINUTES)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    weights = find_weights(DEFAULT_ENCODER)
    if options.command == "reader":
        encoder = load_encoder(DEFAULT_ENCODER, Settings().cache_path)
        train_reader(options.data, options.minutes, weights, options.out, encoder)
    elif options.command == "export":
        from bot.training.export import export_reader

        export_reader(options.checkpoint, weights, options.out, {"name": "memcon-reader-3", "base": DEFAULT_ENCODER})
    elif options.command == "centre":
        from bot.training.centring import centre
        from embeddings.multilingual import CENTRES_PATH

        centre(options.minutes, CENTRES_PATH)
    else:
        from bot.training.fusing import fit_all

        encoder = load_encoder(DEFAULT_ENCODER, Settings().cache_path)
        fit_all(options.minutes, options.out, encoder)


if __name__ == "__main__":
    main()
