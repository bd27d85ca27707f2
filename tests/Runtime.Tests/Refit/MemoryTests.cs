using Lanyard.Checkpoints;
using Lanyard.Tests.Field;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>What the process holds. These run alone, since other tests allocate too.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public MemoryTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_thousand_refits_do_not_grow_native_memory()
    {
        long Steps(int count)
        {
            var before = Environment.WorkingSet;
            for (var i = 0; i < count; i++) _scene.Refit(i % 2 == 0 ? _scene.Second : _scene.First, i % 3 == 0 ? RefitMode.InPlace : RefitMode.Staged);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Environment.WorkingSet - before;
        }

        // The process grows in steps for reasons of its own; what leaks does so every time.
        Steps(100);
        var grown = Math.Min(Steps(1000), Steps(1000));
        Assert.True(grown < 8 << 20, $"the process grew by {grown:N0} bytes over 1,000 refits of {_scene.Bits().Values.Sum(bits => (long)bits.Length):N0} bytes");
    }

    [Fact]
    public void Refits_that_keep_codes_free_those_before()
    {
        using var scope = NewDisposeScope();
        using var model = new EncodedLinear(1024, 1024);
        var tensors = new Dictionary<string, Tensor> { ["weight"] = torch.zeros([1024, 1024], ScalarType.Int8), ["weight_scale"] = torch.ones(1024), ["norm.weight"] = torch.ones(1024), ["rounded"] = torch.ones(1024) };
        long Steps(int count)
        {
            var before = Environment.WorkingSet;
            for (var i = 0; i < count; i++)
            {
                using var refit = model.BeginRefit(i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged, options: new LoadOptions { KeepCodes = true });
                refit.Write(tensors);

                // Every third is given up.
                if (i % 3 != 2 || i % 2 == 0) refit.Commit();
            }
            return Environment.WorkingSet - before;
        }

        // A MiB of codes each time, of which the last is kept.
        Steps(30);
        var grown = Math.Min(Steps(300), Steps(300));
        Assert.True(grown < 32 << 20, $"the process grew by {grown:N0} bytes over 300 refits that keep a MiB of codes each");
    }

    [Fact]
    public void A_shadow_with_padding_is_freed_at_the_commit()
    {
        using var scope = NewDisposeScope();
        using var model = new PaddedRows();
        var weight = torch.ones(model.Rows, model.Size);
        void Refit()
        {
            using var refit = model.BeginRefit();
            refit.Write("weight", weight);
            refit.Commit();
        }

        Refit();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Refit();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Halves_are_kept_no_longer_than_they_wait(int order)
    {
        // 48 tensors of 1 MiB with their scales: by pairs, scales in front, or scales behind and nothing of it for this rank.
        var sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json")) with { Experts = 16, ExpertIntermediate = 512, Hidden = 2048 };
        using var model = new DeepSeekExperts(sizes, order < 2 ? null : new Topology(0, 1, 15, 16), ScalarType.BFloat16).InitialisedByHand();
        using Tensor up = torch.zeros(512, 2048, dtype: CheckpointType.F8_E4M3.ToScalarType()), down = torch.zeros(2048, 512, dtype: up.dtype);
        using Tensor upScale = torch.ones(4, 16), downScale = torch.ones(16, 4);
        var tensors = Enumerable.Range(0, 16).SelectMany(e => new[] { ($"{e}.gate_proj.weight", up, upScale), ($"{e}.up_proj.weight", up, upScale), ($"{e}.down_proj.weight", down, downScale) }).ToList();
        long Grown(int count)
        {
            using var refit = model.BeginRefit(RefitMode.InPlace);
            var before = Environment.WorkingSet;
            if (order == 1) foreach (var (name, _, scale) in tensors) refit.Write(name + "_scale_inv", scale);
            foreach (var (name, value, scale) in tensors.Take(count))
            {
                refit.Write(name, value);
                if (order == 0) refit.Write(name + "_scale_inv", scale);
            }
            return Environment.WorkingSet - before;
        }

        // What is touched for the first time: the parameters, and what it takes to decode one tensor.
        foreach (var (_, parameter) in model.AllParameters().Where(item => !item.Parameter.Entry.Sources.IsEmpty)) parameter.Value.zero_().Dispose();
        // Kept halves would be 48 MiB; the rest is the allocator's own.
        Grown(3);
        var grown = Grown(tensors.Count);
        Assert.True(grown < 32 << 20, $"the process grew by {grown:N0} bytes while 48 tensors of 1 MiB came");
    }

    [LinuxFact("It reads the peak of resident memory in /proc/self/status.")]
    public void In_place_no_more_than_one_transformed_parameter_is_held_twice()
    {
        Assert.InRange(Grown(first: true), long.MinValue, 5 * (8 << 20));
        Assert.InRange(Grown(first: false), long.MinValue, 5 * (8 << 20));
    }

    [LinuxFact("It reads the peak of resident memory in /proc/self/status.")]
    public void Experts_that_change_places_are_not_held_twice()
    {
        // Of 64 experts of 1 MiB.
        using var model = new RoutedExperts(new Topology(0, 1, 0, 2) { ExpertPlacement = Placement(Enumerable.Range(0, 64)) }, experts: 64, hidden: 1 << 18);
        using (var scope = NewDisposeScope())
        {
            using var refit = model.BeginRefit(RefitMode.InPlace);
            for (var expert = 0; expert < 64; expert++) refit.Write($"experts.{expert}.weight", torch.full(1 << 18, (float)expert));
            refit.Commit();
        }
        var address = TensorAddress.Of(model.Weight);
        Assert.InRange(PeakMemory.Of(() => model.PlaceExperts(Placement(Enumerable.Range(0, 64).Reverse()))), long.MinValue, 8 << 20);
        Assert.Equal(address, TensorAddress.Of(model.Weight));
        Assert.Equal(63 - 7, model.Weight[7, 5].ToSingle());

        // Another number of places is storage of that size.
        Assert.InRange(PeakMemory.Of(() => model.PlaceExperts(Placement(Enumerable.Range(16, 16)))), long.MinValue, 24 << 20);
        Assert.Equal(16 + 7, model.Weight[7, 5].ToSingle());

        static ExpertPlacement Placement(IEnumerable<int> experts) => ExpertPlacement.Listed([[.. experts.Select(expert => (long)expert)], [.. Enumerable.Range(0, 64).Select(expert => (long)expert)]]);
    }

    private static long Grown(bool first)
    {
        // Eight layers, of each 16 MiB go straight into place and 8 MiB are made anew by post-load.
        var sizes = new TinySizes { Layers = 8, Experts = 4, Intermediate = 510, Hidden = 1024 };
        using var scope = NewDisposeScope();
        using var model = new TinyModel(sizes).InitialisedByHand();
        var tensors = TinyWeights.Fused(sizes, seed: 3);
        foreach (var (_, parameter) in model.AllParameters().Where(item => !item.Parameter.Entry.Sources.IsEmpty)) parameter.Value.zero_().Dispose();
        if (!first) Refit();

        return PeakMemory.Of(Refit);

        void Refit()
        {
            using var refit = model.BeginRefit(RefitMode.InPlace);
            foreach (var (name, value) in tensors) refit.Write(name, value);
            refit.Commit();
        }
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
