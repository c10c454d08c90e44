# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a checkpoint as a model folder of the Idefics3 family, weights in bfloat16.

    python export.py --checkpoint DIR/checkpoint.pt --tokenizer DIR/tokenizer.json --out models/default
                     [--latest] [--calibration FILE] [--case PICTURE]

The averaged weights are taken unless --latest is given. --case adds a reference case (case.json,
golden_case.safetensors) that `docai-model check` compares with the runtime.
"""
import argparse
import json
import pathlib
import shutil

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Tokenizer

import data
import prompts
from model import Model
from presets import BLOCKS, PATCH, SHUFFLE, SIDE, TILE, Preset, Shape
from shards import tiles_of
from train import CLASSES

CHAT_TEMPLATE = (prompts.START + "{% for message in messages %}{% for part in message['content'] %}"
                 "{% if part['type'] == 'image' %}" + prompts.IMAGE + "{% else %}{{ part['text'] }}{% endif %}"
                 "{% endfor %}{% endfor %}" + prompts.ANSWER)


def load(path, latest=False):
    saved = torch.load(path, map_location="cpu", weights_only=True)
    fields = dict(saved["preset"])
    preset = Preset(**fields | {"shape": Shape(**fields["shape"])})
    model = Model(preset.shape, len(CLASSES))
    model.load_state_dict(saved["model" if latest else "average"])
    return model.eval(), preset, saved


def block_order():
    """For each place of the family's row-by-row order, the index in our order of blocks."""
    ours = np.empty(SIDE * SIDE, np.int64)
    at = 0
    for by in range(0, SIDE, SHUFFLE):
        for bx in range(0, SIDE, SHUFFLE):
            for y in range(SHUFFLE):
                for x in range(SHUFFLE):
                    ours[(by + y) * SIDE + bx + x] = at
                    at += 1
    return torch.from_numpy(ours)


def tensors(model):
    """The family's tensors by name."""
    shape, out = model.shape, {}
    vision, text = "model.vision_model.", "model.text_model."
    out[vision + "embeddings.patch_embedding.weight"] = model.patch.weight.view(-1, 3, PATCH, PATCH)
    out[vision + "embeddings.patch_embedding.bias"] = model.patch.bias
    out[vision + "embeddings.position_embedding.weight"] = model.places.reshape(-1, shape.vision_width)[block_order()]

    def both(name, module):
        out[name + ".weight"] = module.weight
        if getattr(module, "bias", None) is not None:
            out[name + ".bias"] = module.bias

    for i, block in enumerate(model.tower):
        layer = f"{vision}encoder.layers.{i}."
        both(layer + "layer_norm1", block.norm1)
        both(layer + "layer_norm2", block.norm2)
        for part, weight, bias in zip("qkv", block.qkv.weight.chunk(3), block.qkv.bias.chunk(3)):
            out[f"{layer}self_attn.{part}_proj.weight"] = weight
            out[f"{layer}self_attn.{part}_proj.bias"] = bias
        both(layer + "self_attn.out_proj", block.out)
        both(layer + "mlp.fc1", block.up)
        both(layer + "mlp.fc2", block.down)
    both(vision + "post_layernorm", model.tower_norm)
    both("model.connector.modality_projection.proj", model.connector)
    both(text + "embed_tokens", model.embed)
    both(text + "norm", model.norm)
    for i, block in enumerate(model.blocks):
        layer = f"{text}layers.{i}."
        both(layer + "input_layernorm", block.norm1)
        both(layer + "post_attention_layernorm", block.norm2)
        sizes = [n * block.dim for n in (block.heads, block.kv_heads, block.kv_heads)]
        for part, weight in zip("qkv", block.qkv.weight.split(sizes)):
            out[f"{layer}self_attn.{part}_proj.weight"] = weight
        both(layer + "self_attn.o_proj", block.out)
        for part, weight in zip(("gate", "up"), block.gate_up.weight.chunk(2)):
            out[f"{layer}mlp.{part}_proj.weight"] = weight
        both(layer + "mlp.down_proj", block.down)
    return {name: value.detach().to(torch.bfloat16).contiguous().clone() for name, value in out.items()}


def round_weights(model):
    """The model with the weights that the folder holds."""
    for p in model.parameters():
        p.data = p.data.to(torch.bfloat16).float()
    return model


def config(shape, tokenizer):
    token = tokenizer.token_to_id
    common = {"torch_dtype": "bfloat16", "pad_token_id": token(prompts.PAD)}
    return {
        "architectures": ["Idefics3ForConditionalGeneration"], "model_type": "idefics3", **common,
        "image_token_id": token(prompts.IMAGE), "scale_factor": SHUFFLE, "tie_word_embeddings": True, "use_cache": True,
        "text_config": {
            "model_type": "llama", **common, "vocab_size": shape.vocab, "hidden_size": shape.text_width,
            "intermediate_size": shape.text_mlp, "num_hidden_layers": shape.text_layers,
            "num_attention_heads": shape.text_heads, "num_key_value_heads": shape.text_kv_heads,
            "head_dim": shape.text_width // shape.text_heads, "hidden_act": "silu", "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0, "max_position_embeddings": shape.max_positions, "attention_bias": False,
            "mlp_bias": False, "bos_token_id": token(prompts.START), "eos_token_id": token(prompts.END),
            "tie_word_embeddings": True},
        "vision_config": {
            "model_type": "idefics3_vision", "image_size": TILE, "patch_size": PATCH, "num_channels": 3,
            "hidden_size": shape.vision_width, "intermediate_size": shape.vision_mlp,
            "num_hidden_layers": shape.vision_layers, "num_attention_heads": shape.vision_heads,
            "hidden_act": "gelu_pytorch_tanh", "layer_norm_eps": 1e-6}}


def preprocessor(shape):
    split = shape.longest > TILE
    return {"image_processor_type": "Idefics3ImageProcessor", "processor_class": "Idefics3Processor",
            "do_convert_rgb": True, "do_resize": True, "do_rescale": True, "do_normalize": True, "do_pad": True,
            "do_image_splitting": split, "resample": 1, "rescale_factor": 1 / 255,
            "size": {"longest_edge": shape.longest} if split else {"height": TILE, "width": TILE},
            "max_image_size": {"longest_edge": TILE}, "image_mean": [1.0] * 3, "image_std": [0.5] * 3}


def docai_tasks(preset, calibration, name):
    """docai.json: what the model was trained for, and with which words."""
    tasks = {}
    for task in preset.tasks:
        tasks[task] = {"prompt": prompts.PROMPTS[task], "text_bytes": preset.text_bytes[task]}
        if task in preset.places:
            tasks[task]["places"] = True
        if preset.shape.longest > TILE and task not in preset.tiled:
            tasks[task]["tiles"] = False
        if task in prompts.ALLOWED:
            tasks[task]["labels"] = {label: prompts.label_token(label) for label in prompts.ALLOWED[task]}
        tasks[task] |= calibration.get(task, {})
    return {"name": name, "image_side": preset.shape.longest, "tasks": tasks}


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_folder(out, model, preset, tokenizer_path, calibration, name):
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    token = tokenizer.token_to_id
    save_file(tensors(model), out / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(tokenizer_path, out / "tokenizer.json")
    write_json(out / "config.json", config(model.shape, tokenizer))
    write_json(out / "generation_config.json", {"bos_token_id": token(prompts.START), "eos_token_id": token(prompts.END),
                                                "pad_token_id": token(prompts.PAD)})
    write_json(out / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": prompts.START, "eos_token": prompts.END,
        "pad_token": prompts.PAD, "clean_up_tokenization_spaces": False, "model_max_length": preset.shape.max_positions})
    write_json(out / "preprocessor_config.json", preprocessor(preset.shape))
    write_json(out / "processor_config.json", {"image_seq_len": BLOCKS, "processor_class": "Idefics3Processor"})
    write_json(out / "chat_template.json", {"chat_template": CHAT_TEMPLATE})
    write_json(out / "docai.json", docai_tasks(preset, calibration, name))


def write_case(out, model, preset, tokenizer_path, picture):
    """A reference case from the arithmetic of model.py with the rounded weights."""
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    writer = data.Writer(tokenizer, preset)
    image = np.asarray(Image.open(picture).convert("RGB"))
    Image.fromarray(image).save(out / "input.png")
    cut, rows, cols = tiles_of(image, preset.shape.longest)
    keep = np.arange(BLOCKS)
    text = prompts.prompt("picture", "Figure 1: sales by quarter", preset.text_bytes["picture"])
    sequence = writer.prompt("picture", "Figure 1: sales by quarter", "", rows, cols, keep.tolist())
    batch = data.collate([{"ids": sequence.ids, "positions": sequence.positions, "targets": [(len(sequence.ids) - 1, 0, 1.0)],
                           "keep": keep, "kind": "picture", "label": "other", "task": "picture", "tiles": cut}], writer, lambda e: 0)
    with torch.no_grad():
        features, _ = model.see(batch["tiles"], batch["blocks"])
        first = model(batch)[0][0]
        greedy, _ = model.answer(batch, end=-1, longest=24)
    pixels = torch.from_numpy(cut.copy()).permute(0, 3, 1, 2)[None].float() / 127.5 - 2
    save_file({"pixel_values": pixels.contiguous(), "image_features": features.contiguous(), "logits_last": first.contiguous()},
              out / "golden_case.safetensors")
    templated = prompts.START + prompts.IMAGE + text + prompts.ANSWER
    write_json(out / "case.json", [{"name": "case", "image": "input.png", "prompt": text, "templated_prompt": templated,
                                    "rows": [rows], "cols": [cols], "input_ids": sequence.ids, "greedy_token_ids": greedy,
                                    "greedy_text": tokenizer.decode(greedy)}])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--latest", action="store_true")
    parser.add_argument("--calibration")
    parser.add_argument("--case")
    parser.add_argument("--name", required=True, help="what results call the model")
    args = parser.parse_args()
    model, preset, saved = load(args.checkpoint, args.latest)
    calibration = json.loads(pathlib.Path(args.calibration).read_text()) if args.calibration else {}
    out = pathlib.Path(args.out)
    write_folder(out, round_weights(model), preset, args.tokenizer, calibration, args.name)
    if args.case:
        write_case(out, model, preset, args.tokenizer, args.case)
    size = sum(path.stat().st_size for path in out.iterdir())
    print(f"{out}: {size / 1e6:.1f} MB, step {saved['steps']}, {saved['samples']} samples, {saved['seconds']:.0f} s")


if __name__ == "__main__":
    main()
