"""Makes words.txt and vectors.bin: what words mean, as far as an encyclopedia's sentences tell.

    pip download --no-deps cnsyn==1.2.0 && pip install numpy==2.4.6 jieba==0.42.1
    python make.py cnsyn-1.2.0-py3-none-any.whl

cnsyn (Apache-2.0) carries 75 numbers for each of 129,691 words: word vectors of PaddleNLP, trained on Chinese encyclopedias and
cut down. Kept are the words of two to six ideographs that jieba's dictionary counts at least 60 times, and of their numbers the
48 directions in which they differ most. A vector is scaled to length 200 and rounded, so that a number is a byte.
The archive's pickle is read as bytes, never run.
"""

import io
import os
import pickletools
import re
import sys
import zipfile

import jieba
import numpy as np

COUNT_MIN = 60
DIMENSIONS = 48
LENGTH = 200

archive = zipfile.ZipFile(sys.argv[1]).read("cnsyn/query/words_tree_mini.m")

# The first array of the pickle: how many words, then how many numbers each, then the numbers.
shape = archive.index(b"shape\x94J") + 7
rows, columns = int.from_bytes(archive[shape : shape + 4], "little"), archive[shape + 5]
begin = archive.index(b"allow_mmap") + len(b"allow_mmap\x94\x88ub")
vectors = np.frombuffer(archive, dtype="<f8", count=rows * columns, offset=begin).reshape(rows, columns)

# The words stand at its end; two of them were pickled before under another name and are left out by their place.
listed = archive[archive.rindex(b"words\x94") + 6 :]
words = []
for opcode, argument, _ in pickletools.genops(io.BytesIO(b"\x80\x04" + listed)):
    if "UNICODE" in opcode.name:
        words.append(argument)
    elif "GET" in opcode.name:
        words.append("")
assert len(words) == rows

counts = {}
with open(os.path.join(os.path.dirname(jieba.__file__), "dict.txt"), encoding="utf8") as dictionary:
    for line in dictionary:
        word, count, *_ = line.split()
        counts[word] = int(count)

ideographs = re.compile("[\u4e00-\u9fff]{2,6}")
kept = [row for row, word in enumerate(words) if ideographs.fullmatch(word) and counts.get(word, 0) >= COUNT_MIN]
kept.sort(key=lambda row: words[row].encode())
chosen = vectors[kept] - vectors[kept].mean(0)
_, directions = np.linalg.eigh(np.cov(chosen.T))
chosen = chosen @ directions[:, ::-1][:, :DIMENSIONS]
chosen *= LENGTH / np.linalg.norm(chosen, axis=1, keepdims=True)

with open("words.txt", "w", encoding="utf8") as out:
    out.writelines(words[row] + "\n" for row in kept)
np.clip(np.round(chosen), -127, 127).astype(np.int8).tofile("vectors.bin")
print(len(kept), "words,", int((np.abs(chosen) > 127).sum()), "numbers cut to a byte")
