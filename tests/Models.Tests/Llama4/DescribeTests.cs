using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>What the page for authors shows of a published model is what that model shows.</summary>
public sealed class DescribeTests
{
    [Fact]
    public void The_example_on_the_page_is_what_is_shown()
    {
        var page = File.ReadAllLines(Fixtures.Path("..", "..", "docs", "authoring.md"));
        var shown = page.SkipWhile(line => !line.StartsWith("    Llama4ForCausalLM on", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line[4..]).ToList();
        using var model = new Llama4ForCausalLM(Llama4Config.FromFile(Fixtures.Path("manifests", "llama-4-scout-17b-16e-instruct.config.json")), new Topology(0, 2), torch.ScalarType.BFloat16, torch.META);
        var lines = model.Describe().Split('\n');

        Assert.InRange(shown.Count, 10, 30);
        Assert.All(shown.Where(line => line.Trim() != "..."), line => Assert.Contains(line, lines));
    }
}
