#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a folder with random bf16 weights of SmolVLM-256M's size, for measurements.

    bench/vlm/make-checkpoint.py DIR [--dtype bf16|f32]

SigLIP-B/16 at 512 pixels, pixel shuffle to 64 tokens a tile, SmolLM2-135M. A tile is 214.7 GFLOP.
Only what docai-model bench reads is written: no tokenizer.
"""
import argparse
import json
import os
import random
import struct

VISION = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, image_size=512, patch_size=16,
              num_channels=3, layer_norm_eps=1e-6, hidden_act="gelu_pytorch_tanh", model_type="idefics3_vision")
TEXT = dict(hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3, head_dim=64,
            vocab_size=49280, max_position_embeddings=8192, rms_norm_eps=1e-5, rope_theta=100000.0, hidden_act="silu",
            model_type="llama", tie_word_embeddings=False)
SCALE = 4


def shapes():
    v, t = VISION["hidden_size"], TEXT["hidden_size"]
    kv = TEXT["num_key_value_heads"] * TEXT["head_dim"]
    out = {"model.vision_model.embeddings.patch_embedding.weight": (v, 3, 16, 16), "model.vision_model.embeddings.patch_embedding.bias": (v,),
           "model.vision_model.embeddings.position_embedding.weight": (1024, v),
           "model.vision_model.post_layernorm.weight": (v,), "model.vision_model.post_layernorm.bias": (v,),
           "model.connector.modality_projection.proj.weight": (t, v * SCALE * SCALE),
           "model.text_model.embed_tokens.weight": (TEXT["vocab_size"], t), "model.text_model.norm.weight": (t,),
           "lm_head.weight": (TEXT["vocab_size"], t)}
    for i in range(VISION["num_hidden_layers"]):
        p = f"model.vision_model.encoder.layers.{i}."
        for name in ("layer_norm1", "layer_norm2"):
            out[p + name + ".weight"] = out[p + name + ".bias"] = (v,)
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            out[p + f"self_attn.{name}.weight"], out[p + f"self_attn.{name}.bias"] = (v, v), (v,)
        m = VISION["intermediate_size"]
        out[p + "mlp.fc1.weight"], out[p + "mlp.fc1.bias"] = (m, v), (m,)
        out[p + "mlp.fc2.weight"], out[p + "mlp.fc2.bias"] = (v, m), (v,)
    for i in range(TEXT["num_hidden_layers"]):
        p, m = f"model.text_model.layers.{i}.", TEXT["intermediate_size"]
        out[p + "input_layernorm.weight"] = out[p + "post_attention_layernorm.weight"] = (t,)
        out[p + "self_attn.q_proj.weight"], out[p + "self_attn.o_proj.weight"] = (t, t), (t, t)
        out[p + "self_attn.k_proj.weight"] = out[p + "self_attn.v_proj.weight"] = (kv, t)
        out[p + "mlp.gate_proj.weight"] = out[p + "mlp.up_proj.weight"] = (m, t)
        out[p + "mlp.down_proj.weight"] = (t, m)
    return out


def noise(rng, n, dtype):
    """n numbers of either sign with magnitudes from 0.008 to 0.03."""
    high = rng.randbytes(n).translate(bytes(0x3C if i < 128 else 0xBC for i in range(256)))
    step = 2 if dtype == "bf16" else 4
    out = bytearray(n * step)
    out[step - 2::step] = rng.randbytes(n)
    out[step - 1::step] = high
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("dir")
    ap.add_argument("--dtype", choices=("bf16", "f32"), default="bf16")
    args = ap.parse_args()
    os.makedirs(args.dir, exist_ok=True)
    size, place, header = 2 if args.dtype == "bf16" else 4, 0, {}
    for name, shape in shapes().items():
        n = size
        for d in shape:
            n *= d
        header[name] = {"dtype": "BF16" if args.dtype == "bf16" else "F32", "shape": shape, "data_offsets": [place, place + n]}
        place += n
    text = json.dumps(header).encode()
    text += b" " * (-(len(text) + 8) % 64)
    rng = random.Random(1)
    with open(os.path.join(args.dir, "model.safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for entry in header.values():
            begin, end = entry["data_offsets"]
            f.write(noise(rng, (end - begin) // size, args.dtype))
    config = {"model_type": "idefics3", "scale_factor": SCALE, "image_token_id": 49190, "vision_config": VISION, "text_config": TEXT,
              "tie_word_embeddings": False}
    processor = {"image_processor_type": "Idefics3ImageProcessor", "do_image_splitting": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
                 "max_image_size": {"longest_edge": 512}, "resample": 1, "size": {"longest_edge": 2048}, "do_resize": True, "do_pad": True,
                 "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "do_convert_rgb": True}
    for name, value in (("config.json", config), ("preprocessor_config.json", processor)):
        with open(os.path.join(args.dir, name), "w", encoding="utf-8") as f:
            json.dump(value, f, indent=1)


main()
