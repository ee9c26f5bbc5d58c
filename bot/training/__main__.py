"""``python -m bot.training``: fine-tune the question encoder, train the reader, fit the small models around them."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from bot.settings import DATA_PATH, Settings
from bot.training.train import train_reader
from embeddings.encoder import DEFAULT_ENCODER, find_weights, load_encoder
from embeddings.encoders import choose_encoder
from embeddings.question_encoder import QUESTION_ENCODER_PATH

MINUTES = Path("tests/benchmarks/minutes")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reader = commands.add_parser("reader", help="train the reader: about two hours on two cores")
    reader.add_argument("data", type=Path, help="folder with squad2/, selqa/ and clapnq/")
    reader.add_argument("--minutes", type=Path, default=MINUTES)
    reader.add_argument("--out", type=Path, required=True)
    export = commands.add_parser("export", help="export a checkpoint to ONNX, 8 bits")
    export.add_argument("checkpoint", type=Path)
    export.add_argument("--out", type=Path, default=DATA_PATH / "reader")
    questions = commands.add_parser("questions", help="fine-tune the question encoder: 15 minutes on two cores")
    questions.add_argument("--minutes", type=Path, default=MINUTES)
    questions.add_argument("--out", type=Path, default=QUESTION_ENCODER_PATH)
    fuse = commands.add_parser("fuse", help="fit the ranker, the read ranker and the judge: about an hour")
    fuse.add_argument("--minutes", type=Path, default=MINUTES)
    fuse.add_argument("--out", type=Path, default=DATA_PATH)
    middle = commands.add_parser("centre", help="find the middle of the multilingual encoder's vectors")
    middle.add_argument("--minutes", type=Path, default=MINUTES)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    weights, cache = find_weights(DEFAULT_ENCODER), Settings().cache_path
    if options.command == "reader":
        encoder, plain = choose_encoder(DEFAULT_ENCODER, cache), load_encoder(DEFAULT_ENCODER, cache)
        train_reader(options.data, options.minutes, weights, options.out, encoder, plain)
    elif options.command == "export":
        from bot.training.export import export_reader

        export_reader(options.checkpoint, weights, options.out, {"name": "memcon-reader-7", "base": DEFAULT_ENCODER})
    elif options.command == "centre":
        from bot.training.centring import centre
        from embeddings.multilingual import CENTRES_PATH

        centre(options.minutes, CENTRES_PATH)
    elif options.command == "questions":
        from bot.training.asking import train_question_encoder

        train_question_encoder(options.minutes, options.out, load_encoder(DEFAULT_ENCODER, cache))
    else:
        from bot.training.fusing import fit_all

        encoder, plain = choose_encoder(DEFAULT_ENCODER, cache), load_encoder(DEFAULT_ENCODER, cache)
        fit_all(options.minutes, options.out, encoder, plain)


if __name__ == "__main__":
    main()
