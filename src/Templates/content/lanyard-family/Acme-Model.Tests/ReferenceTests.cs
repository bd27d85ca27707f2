using Lanyard;
using Lanyard.Testing;
using static TorchSharp.torch;

namespace Acme.Models.Tests;

/// <summary>Only outputs tell whether (heads head_dim) was meant, or gate for up: see the page on testing a family.</summary>
public sealed class ReferenceTests
{
    [ReferenceFact]
    public void Logits_are_those_of_the_reference()
    {
        var folder = ReferenceFactAttribute.Folder;
        using var model = AutoModel.FromPretrained<FalconForCausalLM>(folder, new PretrainedOptions { Type = ScalarType.Float32 });
        using var _ = no_grad();
        ModelTest.Outputs(Path.Combine(folder, "expected.safetensors"), tensors => [("logits", model.Run(tensors["input_ids"]))]);
    }
}
