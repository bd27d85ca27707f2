using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using Lanyard.Tests.Collections;
using TorchSharp;
using Xunit.Abstractions;

namespace Lanyard.Models.Tests.Numbers;

/// <summary>Whatever the collector does meanwhile, a forward pass gives the same bits. Alone, because other tests make Scalars as they like.</summary>
[Collection(nameof(CollectionTests))]
[CollectionDefinition(nameof(CollectionTests), DisableParallelization = true)]
public sealed class CollectionTests(ITestOutputHelper output)
{
    [Fact]
    public void Llama4_makes_itself_and_computes()
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama4"));
        using var model = Load();
        ForcedCollections.ChangeNothing(
            () =>
            {
                using var logits = model.Logits(expected.InputIds);
                using var again = Llama4ForCausalLM.FromConfig(Fixtures.Path("llama4"));
                return new Dictionary<string, byte[]> { ["logits"] = logits.bytes.ToArray() };
            },
            output);
    }

    [Fact]
    public void Llama4_generates()
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama4"));
        using var model = Load();
        using var prompt = expected.GeneratedIds.narrow(1, 0, 9);
        ForcedCollections.ChangeNothing(
            () =>
            {
                using var ids = model.Generate(prompt, 3);
                return new Dictionary<string, byte[]> { ["ids"] = ids.bytes.ToArray() };
            },
            output);
    }

    private static Llama4ForCausalLM Load()
    {
        var model = Llama4ForCausalLM.FromConfig(Fixtures.Path("llama4"));
        using var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }
}
