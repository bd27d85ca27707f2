using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Worker;

/// <summary>What processes compute together, compared to the bit with what threads compute together.</summary>
internal static class CollectiveChecks
{
    private const int TensorSize = 2;
    private const int ExpertSize = 2;

    private static readonly ScalarType[] Types =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Bool, ScalarType.ComplexFloat32,
        ScalarType.ComplexFloat64,
    ];

    public static void Run(Checks checks, MpiRuntime mpi)
    {
        // The last process is outside of all groups.
        var groups = mpi.Groups(TensorSize, ExpertSize);
        checks.Section("outside", all => all.That(groups is null == mpi.Rank >= TensorSize * ExpertSize, "a process has groups, or none, that should not"));
        foreach (var piece in new[] { 1 << 30, 13 })
        {
            MpiBatch.MaxPiece = piece;
            checks.Section($"collectives in pieces of {piece}", all =>
            {
                foreach (var type in Types) Compare(all, groups, type);
            });
        }
        MpiBatch.MaxPiece = 1 << 30;
        checks.Section("many elements", all => Compare(all, groups, "many", (topology, ranks) => [ranks.AllReduce(Value(topology, ScalarType.BFloat16, 1021, 1031), RankGroup.Tensor), ranks.AllGather(Value(topology, ScalarType.Float32, 1021, 1031), 1, RankGroup.Expert)]));
        checks.Section("own results", all => OwnResults(all, groups));
    }

    private static void Compare(Checks checks, MpiGroups? groups, ScalarType type) => Compare(checks, groups, $"{type}", (topology, ranks) =>
    {
        var results = new List<Tensor>();
        foreach (var group in new[] { RankGroup.Tensor, RankGroup.Expert })
        {
            var rank = group == RankGroup.Tensor ? topology.TensorRank : topology.ExpertRank;
            foreach (long[] shape in new long[][] { [], [1], [7], [0], [3, 0, 2], [5, 3], [67, 129] })
            {
                results.Add(ranks.AllReduce(Value(topology, type, shape), group));
                if (shape.Length == 0) continue;
                results.Add(ranks.AllGather(Value(topology, type, shape), 0, group));
                results.Add(ranks.AllGather(Value(topology, type, shape), -1, group));
            }

            // Strides, and sizes that differ.
            results.Add(ranks.AllReduce(Value(topology, type, 9, 4).t(), group));
            results.Add(ranks.AllReduce(Value(topology, type, 9, 8)[TensorIndex.Colon, TensorIndex.Slice(1, 8, 3)], group));
            results.Add(ranks.AllReduce(Value(topology, type, 1, 5).expand(4, 5), group));
            results.Add(ranks.AllGather(Value(topology, type, 3 - (3 * rank), 4), 0, group));
            results.Add(ranks.AllGather(Value(topology, type, 4, 1 + rank, 3).transpose(0, 2), 1, group));
            results.Add(ranks.AllToAll(Value(topology, type, 5, 3), [2 + rank, 3 - rank], group));
            results.Add(ranks.AllToAll(Value(topology, type, 3, 8 - (4 * rank)).t()[..(4 - (4 * rank))], [4 - (4 * rank), 0], group)[.., 0..1]);
            if (is_complex(type)) results.Add(ranks.AllReduce(Value(topology, type, 6).conj(), group));
        }
        return results;
    });

    private static void Compare(Checks checks, MpiGroups? groups, string what, Func<Topology, ICollectives, List<Tensor>> run)
    {
        if (groups is null) return;
        using var scope = NewDisposeScope();
        var expected = InProcessRanks.Run(TensorSize, ExpertSize, (topology, ranks) =>
        {
            using var inner = NewDisposeScope();
            return run(topology, ranks).ConvertAll(Described);
        })[(groups.Topology.ExpertRank * TensorSize) + groups.Topology.TensorRank];
        var found = run(groups.Topology, groups).ConvertAll(Described);
        checks.That(found.Count == expected.Count, $"{what}: {found.Count} results, expected {expected.Count}");
        for (var i = 0; i < found.Count; i++) checks.That(found[i] == expected[i], $"{what}, result {i}: {found[i]}, expected {expected[i]}");
    }

    private static void OwnResults(Checks checks, MpiGroups? groups)
    {
        if (groups is null) return;
        using var scope = NewDisposeScope();
        var value = full(3, 2f);
        foreach (var result in new[] { groups.Data.AllReduce(value), groups.Data.AllGather(value, 0), groups.Data.AllToAll(value, [3]) })
        {
            result.zero_();
            checks.That(value.sum().ToSingle() == 6, "the result of one rank is not its own tensor");
        }
        checks.That(groups.Data.Size == 1 && groups.Data.WorldRanks.SequenceEqual([groups.Data.WorldRanks[0]]), "one replica has others");
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        groups.AllReduce(value, RankGroup.Tensor).Dispose();
        checks.That(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount == before, "tensors are left behind");
    }

    private static Tensor Value(Topology topology, ScalarType type, params long[] shape)
    {
        using var generator = new Generator((ulong)(topology.TensorRank + (10 * topology.ExpertRank) + shape.Sum()));
        var wide = randn(shape, generator: generator) * exp(randn(shape, generator: generator) * 3);
        return type == ScalarType.Bool ? wide > 0 : is_complex(type) ? complex(wide.to(type == ScalarType.ComplexFloat32 ? ScalarType.Float32 : ScalarType.Float64), wide.flip(dims: [.. Enumerable.Range(0, shape.Length).Select(i => (long)i)]).to(type == ScalarType.ComplexFloat32 ? ScalarType.Float32 : ScalarType.Float64)) : wide.clamp(-100, 100).to(type);
    }

    private static string Described(Tensor value)
    {
        using var scope = NewDisposeScope();

        // Whatever its strides, and not the memory of the conjugate.
        var plain = empty(value.shape, value.dtype).copy_(value);
        return $"{value.dtype} [{string.Join(", ", value.shape)}] {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(plain.numel() == 0 ? [] : plain.bytes))}";
    }
}
