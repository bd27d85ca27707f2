using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Staged refits that leave the memory of their copies for the next. These run alone, since other tests allocate too.</summary>
[Collection(nameof(MemoryTests.Alone))]
public sealed class KeptShadowTests : IDisposable
{
    private static readonly LoadOptions Keeping = new() { KeepShadows = true };

    private readonly TinyScene _scene = new();

    public KeptShadowTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Refits_of_all_of_some_and_of_elements_give_what_they_give_in_fresh_memory()
    {
        using var other = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.First, other);
        var random = new Random(3);
        for (var i = 0; i < 40; i++)
        {
            var source = i % 2 == 0 ? _scene.Second : _scene.First;
            var some = i % 5 == 0 ? source.Keys.ToHashSet() : source.Keys.Where(_ => random.Next(3) == 0).ToHashSet();
            some.UnionWith(source.Keys.Where(name => name.EndsWith("down_proj", StringComparison.Ordinal)));
            var commits = i % 4 != 3;
            foreach (var (model, options) in new[] { (_scene.Model, Keeping), (other, LoadOptions.Default) })
            {
                using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset, options);
                foreach (var name in some) refit.Write(name, source[name]);
                if (!some.Contains("norm.weight")) refit.Patch("norm.weight", tensor(new long[] { i % 10 }), tensor(new[] { (float)i }));
                refit.Prepare();
                if (commits) refit.Commit();
            }
            Assert.Equal(_scene.Bits(other), _scene.Bits());
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    public void Padding_is_zero_whatever_was_there(int outputs)
    {
        using var model = new TinyProjection(outputs, 5);
        for (var i = 0; i < 3; i++)
        {
            using var refit = model.BeginRefit(options: Keeping);
            refit.Write("weight", full(outputs, 5, i + 1f));
            refit.Commit();
            Assert.Equal(outputs * 5 * (i + 1), model.Weight.sum().ReadDouble());
        }
    }

    [Fact]
    public void Memory_is_the_same_each_time_and_is_freed_by_a_refit_without_and_by_the_end_of_the_model()
    {
        // What other tests have left goes back at any time.
        const long Bytes = 512 << 20, Slack = 200 << 20;
        var model = new TinyProjection(8192, 16384);
        using var weight = ones(8192, 16384);
        Assert.Equal(Bytes, weight.numel() * weight.element_size());
        var none = Refit(LoadOptions.Default);
        var kept = Refit(Keeping);
        Assert.InRange(kept - none, Bytes - Slack, Bytes + Slack);
        for (var i = 0; i < 5; i++) Assert.InRange(Refit(Keeping) - kept, -Slack, Slack);
        Assert.InRange(Refit(LoadOptions.Default) - none, -Slack, Slack);
        Refit(Keeping);
        model.Dispose();
        Assert.InRange(Held() - none, -Bytes - Slack, -Bytes + Slack);

        long Refit(LoadOptions options)
        {
            using (var refit = model.BeginRefit(options: options))
            {
                refit.Write("weight", weight);
                refit.Commit();
            }
            return Held();
        }

        long Held()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return Environment.WorkingSet;
        }
    }

    [Fact]
    public void A_model_of_another_type_has_other_shadows()
    {
        using var model = new TinyProjection(64, 32);
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16 })
        {
            ((nn.Module)model).to(type);
            for (var i = 0; i < 2; i++)
            {
                using var refit = model.BeginRefit(options: Keeping);
                refit.Write("weight", ones(64, 32, type));
                refit.Commit();
                Assert.Equal(64 * 32, model.Weight.sum().ReadDouble());
            }
        }
    }
}
