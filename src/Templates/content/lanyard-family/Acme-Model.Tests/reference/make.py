import torch
from safetensors.torch import save_file
from transformers import Qwen2Config, Qwen2ForCausalLM

torch.manual_seed(0)
config = Qwen2Config(                         # sizes differ; that of a head is hidden_size / num_attention_heads in Qwen2
    vocab_size=107, hidden_size=48, intermediate_size=56, num_hidden_layers=3,
    num_attention_heads=6, num_key_value_heads=2, max_position_embeddings=128, tie_word_embeddings=False)
model = Qwen2ForCausalLM(config).eval()
for name, parameter in model.named_parameters():   # fresh weights are small, biases zero and norms one: all three hide mistakes
    torch.nn.init.normal_(parameter, mean=1.0 if "norm" in name else 0.0, std=0.2)
    parameter.data = parameter.data.bfloat16().float()     # as it is stored below; model.bfloat16() would round frequencies, too
ids = torch.randint(config.vocab_size, (2, 11))
with torch.no_grad():
    logits = model(ids).logits.contiguous()
save_file({"input_ids": ids, "logits": logits}, "expected.safetensors")
model.bfloat16().save_pretrained(".")         # config.json and model.safetensors
