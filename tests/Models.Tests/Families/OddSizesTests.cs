using Lanyard.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>
/// Sizes at their ends: one head, one group, one layer, a window of one token, ranks wider than the stream, every expert chosen. What was exported loads to the same bits, refits do, pieces of any length give what the
/// whole gives, as do ranks, models in bfloat16 as nearly as that can, and models without layouts for kernels.
/// </summary>
public sealed class OddSizesTests : IDisposable
{
    private const double Tolerance = 2e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public static TheoryData<string> Names => [.. OddSizes.Names];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Exports_load_to_the_same_bits_and_refits_do(string name)
    {
        using var scope = NewDisposeScope();
        using var ids = OddSizes.Ids();
        var (first, second) = (OddSizes.Weights(_folder, name, 7), OddSizes.Weights(_folder, name, 8));
        using var model = OddSizes.Load(name, first);
        using var other = OddSizes.Load(name, second);
        var (logits, after) = (model.Logits(ids), other.Logits(ids));
        Assert.NotEqual(0, logits.isfinite().all().ReadInt64());
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, after), 1e-3, double.MaxValue);
        var again = Path.Combine(_folder.FullName, "again");
        model.Tree().Export(again);
        using (var loaded = OddSizes.Load(name, again)) Assert.Equal(0, ExpectedOutputs.LargestDifference(loaded.Logits(ids), logits));
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            OddSizes.Refit(model, second, mode);
            Assert.Equal(0, ExpectedOutputs.LargestDifference(model.Logits(ids), after));
            OddSizes.Refit(model, first, mode);
            Assert.Equal(0, ExpectedOutputs.LargestDifference(model.Logits(ids), logits));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_layouts_and_types_give_what_the_whole_gives(string name)
    {
        using var scope = NewDisposeScope();
        using var ids = OddSizes.Ids();
        var folder = OddSizes.Weights(_folder, name, 7);
        using var model = OddSizes.Load(name, folder);
        var whole = model.Logits(ids);
        foreach (var pieces in new int[][] { [1, 29], [29, 1], [7, 11, 12], [.. Enumerable.Repeat(1, OddSizes.Tokens)] })
        {
            var states = Enumerable.Range(0, model.BlockCount).Select(_ => new PlainState()).ToList();
            var start = 0;
            var parts = new List<Tensor>();
            foreach (var count in pieces)
            {
                parts.Add(model.Logits(ids[.., start..(start + count)], start, states));
                start += count;
            }
            Assert.InRange(Relative(cat(parts, 1), whole), 0, Tolerance);
            states.ForEach(static state => state.Dispose());
        }
        using (var plain = OddSizes.Load(name, folder, kernelLayouts: false)) Assert.InRange(Relative(plain.Logits(ids), whole), 0, Tolerance);
        using var narrow = OddSizes.Load(name, folder, ScalarType.BFloat16);
        var rounded = narrow.Logits(ids);
        Assert.Equal(ScalarType.BFloat16, rounded.dtype);
        Assert.NotEqual(0, rounded.isfinite().all().ReadInt64());

        // Routers and indexers may choose otherwise: most logits are near.
        var far = (rounded.to(ScalarType.Float32) - whole).abs().flatten().sort().Values[(int)(whole.numel() / 2)].ReadDouble() / whole.std().ReadDouble();
        Assert.InRange(far, 0, 0.1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ranks_compute_together_what_one_does(string name)
    {
        if (OddSizes.Ranks(name) is not { Length: > 0 } ranks) return;
        using var ids = OddSizes.Ids();
        var folder = OddSizes.Weights(_folder, name, 7);
        using var whole = OddSizes.Load(name, folder);
        using var logits = whole.Logits(ids);
        foreach (var rank in ranks)
        {
            var differences = InProcessRanks.Run(rank.TensorSize, rank.ExpertSize, (topology, collectives) =>
            {
                using var model = OddSizes.Load(name, folder, topology: topology with { ExpertPlacement = rank.ExpertPlacement });
                model.Tree().Join(collectives);
                using var own = model.Logits(ids);
                return Relative(own, logits);
            });
            Assert.All(differences, difference => Assert.InRange(difference, 0, Tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_leave_no_tensors_behind(string name)
    {
        using var ids = OddSizes.Ids();
        using var model = OddSizes.Load(name, OddSizes.Weights(_folder, name, 7));
        Pass(1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 10; i++) Pass(i);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Pass(int i)
        {
            var states = i % 2 == 0 ? null : Enumerable.Range(0, model.BlockCount).Select(static _ => new PlainState()).ToList();
            using (var piece = ids[.., ..9]) model.Logits(piece, 0, states).Dispose();
            if (states is null) return;
            using (var piece = ids[.., 9..]) model.Logits(piece, 9, states).Dispose();
            states.ForEach(static state => state.Dispose());
        }
    }

    // Of random values logits are large: what is rounded is so by them.
    private static double Relative(Tensor one, Tensor other) => ExpectedOutputs.LargestDifference(one, other) / Math.Max(1, other.abs().max().ReadDouble());
}
