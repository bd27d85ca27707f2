using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>Where tensors lie in live memory: what is written there by the regions is what a load writes.</summary>
public sealed class SlotTests
{
    public static TheoryData<string> Releases => PatchableTests.Releases;

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (var release in PatchableTests.Folders)
            {
                cases.Add(release, 0, 1);
                for (var rank = 0; rank < 2; rank++) cases.Add(release, rank, 2);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_that_are_written_by_address_are_those_of_a_load(string release, int rank, int ranks)
    {
        var topology = new Topology(rank, ranks, rank, ranks);
        if (Load(release, topology) is not { } loaded) return;
        using (loaded)
        using (var written = Load(release, topology)!)
        using (var checkpoint = Checkpoint.Open(Fixtures.Path(release)))
        {
            // In whatever format the file is, as far as its elements lie in memory as they are stored: codes do not.
            var formats = written.Tree().AllParameters().SelectMany(item => item.Parameter.Entry.Sources.Select(source => source.Format)).Distinct();
            var slots = formats.SelectMany(format => written.Tree().Slots(format)).Where(slots => slots.NotInMemory is null && Find(checkpoint, slots) is not null).ToList();
            foreach (var tensor in slots) OutsideMemory.Spoil(tensor);
            foreach (var tensor in slots)
            {
                using var stored = checkpoint.View(Find(checkpoint, tensor)!);
                OutsideMemory.Write(tensor, stored);
            }
            foreach (var ((name, expected), (_, found)) in loaded.Tree().AllParameters().Zip(written.Tree().AllParameters()))
            {
                if (!found.IsPresent) continue;
                using Tensor a = expected.Value.contiguous(), b = found.Value.contiguous();
                Assert.True(a.bytes.SequenceEqual(b.bytes), name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void Each_family_lives_in_an_arena_and_computes_the_same(string release)
    {
        using var arena = new Arena(1 << 22);
        using var plain = Load(release, new Topology(0, 1))!;
        using var model = Load(release, new Topology(0, 1), allocate: arena.Allocate)!;
        foreach (var ((name, expected), (_, found)) in plain.Tree().AllParameters().Zip(model.Tree().AllParameters()))
        {
            Assert.True(arena.Holds(found.Value), name);
            using Tensor a = expected.Value.contiguous(), b = found.Value.contiguous();
            Assert.True(a.bytes.SequenceEqual(b.bytes), name);
        }
        using var refit = model.Tree().BeginRefit(RefitMode.InPlace, options: new LoadOptions { AllowNarrowing = true });
        using (var checkpoint = Checkpoint.Open(Fixtures.Path(release))) refit.Write(checkpoint);
        refit.Commit();
        Assert.All(model.Tree().AllParameters(), item => Assert.True(arena.Holds(item.Parameter.Value), item.Name));
    }

    [Fact]
    public void Every_element_of_a_parameter_is_in_a_region_but_padding()
    {
        using var model = Load("llama4", new Topology(0, 1))!;
        foreach (var tensors in model.Tree().Slots().GroupBy(slots => slots.Parameter))
        {
            Assert.All(tensors, slots => Assert.Null(slots.NotInMemory));
            foreach (var slots in tensors) OutsideMemory.Spoil(slots);
            var value = tensors.Key.Value;
            var padding = value.numel() - tensors.Sum(slots => slots.Regions.Sum(region => region.Count));
            Assert.Equal(value.numel() - padding, value.count_nonzero().ToInt64());
            Assert.Equal(tensors.Key.Storage.Contains("pad", StringComparison.Ordinal) ? 5 * 64 * 88 : 0, padding);
        }
    }

    [Fact]
    public void What_is_not_in_memory_says_why()
    {
        using var quantised = Load("deepseek-v3-fp8", new Topology(0, 1))!;
        var all = quantised.Tree().Slots("fp8");
        Assert.Contains(all, slots => slots.NotInMemory?.StartsWith("its values are decoded", StringComparison.Ordinal) == true && slots.Regions.IsEmpty);
        Assert.Contains(all, slots => slots.NotInMemory?.StartsWith("it stands beside", StringComparison.Ordinal) == true && slots.Tensor.EndsWith("_scale_inv", StringComparison.Ordinal));

        using var stage = Load("llama4", new Topology(0, 1, pipelineRank: 1, pipelineSize: 2), load: false)!;
        var elsewhere = stage.Tree().Slots().Where(slots => slots.NotInMemory is not null).ToList();
        Assert.Contains(elsewhere, slots => slots.Tensor == "model.embed_tokens.weight" && slots.NotInMemory!.Contains("pipeline stage 0", StringComparison.Ordinal));
    }

    private static CheckpointTensor? Find(Checkpoint checkpoint, TensorSlots slots) =>
        (checkpoint.Tensors.TryGetValue(slots.Tensor, out var stored) || checkpoint.Tensors.TryGetValue("language_model." + slots.Tensor, out stored))
        && stored.DType is CheckpointType.F32 or CheckpointType.BF16 or CheckpointType.F16 ? stored : null;

    /// <summary>A model; null where the ranks do not divide it.</summary>
    private static CausalLM? Load(string release, Topology topology, bool load = true, ParameterAllocator? allocate = null)
    {
        var folder = Fixtures.Path(release);
        using var checkpoint = Checkpoint.Open(folder);
        try
        {
            var options = new PretrainedOptions { Topology = topology, Type = ScalarType.Float32, Allocate = allocate, Load = new LoadOptions { AllowNarrowing = true } };
            if (!load) return Models.Llama4.Llama4ForCausalLM.FromConfig(folder, topology);
            return release == "qwen3" ? AutoModel.FromPretrained<Models.Qwen3.Qwen3ForCausalLM>(folder, options) : (CausalLM)AutoModel.FromPretrained(folder, options);
        }
        catch (ArgumentException) when (topology.TensorSize > 1)
        {
            return null;
        }
    }
}
