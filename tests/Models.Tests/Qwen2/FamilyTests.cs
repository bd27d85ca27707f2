using Lanyard.Models.Qwen2;
using Lanyard.Testing;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Qwen2;

/// <summary>The family against the checkpoints that transformers wrote, tied and not.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen2-tied")]
    public void Each_release_loads_exports_refits_and_divides(string release)
    {
        var config = Qwen2Config.Load(Fixtures.Path(release));

        // The width of a head is that of the stream divided by the heads, whatever the configuration: that o_proj is not turned round, its logits tell.
        var report = ModelTest.Check(
            topology => new Qwen2ForCausalLM(config, topology, torch.ScalarType.BFloat16),
            Fixtures.Path(release),
            new ModelTestOptions { Alike = ["hidden = (heads head_dim)"] });

        // The stored one, and random values under the names of either format.
        Assert.Equal(3, report.Sets.Length);
        Assert.Empty(report.Notes);
    }
}
