"""The only place for the latest edition's words by block: goes once the tables follow the blocks."""

from casework.counts.editions import LATEST
from casework.counts.narrative import basis as basis

SECTIONS = {block.name: block.title for block in LATEST.blocks}
WORDS = {block.name: block.words for block in LATEST.blocks}
LABELS = {name: labels for block in LATEST.blocks for name, labels in block.labels.items()}
words_of = LATEST.words_of
