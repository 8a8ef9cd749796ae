"""A real, tiny model that can only count, so that a test knows every token of its answer beforehand.

    python -m tests.worker.engines.counter_model --gguf counter.gguf    # llama.cpp and Ollama read this
    python -m tests.worker.engines.counter_model --hf counter/          # vLLM and transformers read this

Its answer is ` wa wb … wj wba wbb …`: a `w`, then a number whose digits are the letters a to j (a tokenizer would split real digits off).
How it works: a llama whose attention and feed-forward weights are zero passes each token's embedding straight to the output layer, so the next
token depends on the present one alone. Embeddings are random signs, nearly orthogonal to each other; the output row of word n+1 is the embedding of
word n, hence the strongest. Some dimensions only tell "is a word" from "is none": whatever is no word leads to word 0, the last word to the end.
The logits lie so far apart that temperature changes nothing, and an assistant message that is continued goes on from its last word. One that ends
with ` wz` goes on with SPLIT, each byte of it a token of its own.
"""

import argparse
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORDS = 1000
WIDTH, HEADS, INNER, CONTEXT = 256, 4, 256, 8192
MARK = slice(0, 32)  # the dimensions that say whether a token is a word
SHARP = 40.0  # the winning logit; the runners-up stay below 10
SPLIT = "é漢🎉"  # no byte is there twice, so that each leads to the next
SPACE = "Ġ"  # how byte-level BPE writes a blank
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
LETTERS = str.maketrans("0123456789", "abcdefghij")
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}"
    "{% if add_generation_prompt or not loop.last or m['role'] != 'assistant' %}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def word(number: int) -> str:
    """Return a number as the model writes it: word(41) is "web"."""
    return "w" + str(number).translate(LETTERS)


def answer(words: int = WORDS, first: int = 0) -> str:
    """Return the text from word `first` to the end of the count."""
    return "".join(f" {word(number)}" for number in range(first, words))


@dataclass(frozen=True)
class Model:
    """The vocabulary, its merges and the two matrices that are not zero, each [vocabulary, WIDTH] float32."""

    tokens: list[str]
    merges: list[tuple[str, str]]
    embedding: NDArray[np.float32]
    output: NDArray[np.float32]


def make(words: int = WORDS) -> Model:
    """Make the model that counts `words` words."""
    counted = [SPACE + word(number) for number in range(words)]
    split = [SPACE + "wz", *_stand_ins(SPLIT)]
    merges = _merges([*counted, split[0]])
    tokens = [*SPECIALS, *_byte_alphabet(), *counted, split[0]]
    tokens += [token for token in ("".join(pair) for pair in merges) if token not in set(tokens)]
    return Model(tokens, merges, *_matrices(tokens, [counted, split]))


def _byte_alphabet() -> list[str]:
    """The 256 printable stand-ins for bytes that GPT-2's tokenizer uses."""
    from tokenizers.pre_tokenizers import ByteLevel

    return sorted(ByteLevel.alphabet())


def _stand_ins(text: str) -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel

    return list("".join(piece for piece, _ in ByteLevel(add_prefix_space=False).pre_tokenize_str(text)))


def _merges(counted: list[str]) -> list[tuple[str, str]]:
    """Every step from single characters to whole words, left to right, each once."""
    steps = {word[:end]: (word[: end - 1], word[end - 1]) for word in counted for end in range(2, len(word) + 1)}
    return list(steps.values())


def _matrices(tokens: list[str], chains: list[list[str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the embedding and the output that lead from each token of a chain to the next, and from its last to the end."""
    at = {token: index for index, token in enumerate(tokens)}
    embedding = np.random.default_rng(0).choice([-1.0, 1.0], size=(len(tokens), WIDTH)).astype(np.float32)
    output = np.zeros_like(embedding)
    for present, following in (pair for chain in chains for pair in itertools.pairwise([*chain, SPECIALS[2]])):
        output[at[following]] += embedding[at[present]] * (SHARP / WIDTH)
    output[:, MARK] = 0
    output[at[chains[0][0]], MARK] = SHARP / 32
    embedding[:, MARK] = 1.0
    embedding[[at[token] for chain in chains for token in chain], MARK] = -1.0
    return embedding, output


def write_gguf(path: Path, words: int = WORDS) -> None:
    """Write the model as GGUF, the format of llama.cpp (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md)."""
    import gguf

    model = make(words)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("counter")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(model.tokens))
    writer.add_file_type(0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(model.tokens)
    writer.add_token_types([3 if token in SPECIALS else 1 for token in model.tokens])
    writer.add_token_merges([" ".join(pair) for pair in model.merges])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in _gguf_tensors(model).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _gguf_tensors(model: Model) -> dict[str, NDArray[np.float32]]:
    ones = np.ones(WIDTH, np.float32)
    square = np.zeros((WIDTH, WIDTH), np.float32)
    tensors = {"token_embd.weight": model.embedding, "output_norm.weight": ones, "output.weight": model.output}
    tensors |= {f"blk.0.{name}.weight": ones for name in ("attn_norm", "ffn_norm")}
    tensors |= {f"blk.0.{name}.weight": square for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
    tensors |= {f"blk.0.{name}.weight": np.zeros((INNER, WIDTH), np.float32) for name in ("ffn_gate", "ffn_up")}
    return tensors | {"blk.0.ffn_down.weight": np.zeros((WIDTH, INNER), np.float32)}


def write_hf(folder: Path, words: int = WORDS) -> None:
    """Write the model as a Hugging Face folder: config, tokenizer and safetensors."""
    from safetensors.numpy import save_file

    model = make(words)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(_hf_tensors(model), str(folder / "model.safetensors"), metadata={"format": "pt"})
    _write_tokenizer(model, folder)
    for name, value in _hf_configs(model).items():
        (folder / name).write_text(json.dumps(value))


def _hf_tensors(model: Model) -> dict[str, NDArray[np.float32]]:
    ones = np.ones(WIDTH, np.float32)
    layer = "model.layers.0."
    tensors = {"model.embed_tokens.weight": model.embedding, "model.norm.weight": ones, "lm_head.weight": model.output}
    tensors |= {f"{layer}{name}.weight": ones for name in ("input_layernorm", "post_attention_layernorm")}
    tensors |= {f"{layer}self_attn.{name}_proj.weight": np.zeros((WIDTH, WIDTH), np.float32) for name in "qkvo"}
    tensors |= {f"{layer}mlp.{name}_proj.weight": np.zeros((INNER, WIDTH), np.float32) for name in ("gate", "up")}
    return tensors | {f"{layer}mlp.down_proj.weight": np.zeros((WIDTH, INNER), np.float32)}


def _write_tokenizer(model: Model, folder: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(model.tokens)}, merges=model.merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(SPECIALS))
    tokenizer.save(str(folder / "tokenizer.json"))


def _hf_configs(model: Model) -> dict[str, dict[str, object]]:
    ends: dict[str, object] = {"bos_token_id": 0, "eos_token_id": 2}
    sizes = {"hidden_size": WIDTH, "intermediate_size": INNER, "num_hidden_layers": 1, "vocab_size": len(model.tokens)}
    heads = {"num_attention_heads": HEADS, "num_key_value_heads": HEADS, "head_dim": WIDTH // HEADS, "hidden_act": "silu"}
    kind = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "float32", "tie_word_embeddings": False}
    rope = {"max_position_embeddings": CONTEXT, "rms_norm_eps": 1e-5, "rope_theta": 10000.0}
    return {
        "config.json": {**kind, **sizes, **heads, **rope, **ends},
        "generation_config.json": ends,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": SPECIALS[0],
            "eos_token": SPECIALS[2],
            "model_max_length": CONTEXT,
            "chat_template": TEMPLATE,
        },
    }


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=WORDS, help="how far it counts (default %(default)s)")
    parser.add_argument("--gguf", type=Path, help="file to write for llama.cpp and Ollama")
    parser.add_argument("--hf", type=Path, help="folder to write for vLLM and transformers")
    asked = parser.parse_args()
    if asked.gguf:
        write_gguf(asked.gguf, asked.words)
    if asked.hf:
        write_hf(asked.hf, asked.words)


if __name__ == "__main__":
    main()
