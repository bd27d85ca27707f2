using static TorchSharp.torch;

namespace Lanyard.Collectives;

/// <summary>The operations of one of the ranks that are threads of this process.</summary>
/// <param name="topology">The rank.</param>
/// <param name="tensor">Where the tensor-parallel ranks meet.</param>
/// <param name="expert">Where the expert-parallel ranks meet.</param>
internal sealed class InProcessCollectives(Topology topology, Meeting tensor, Meeting expert) : ICollectives
{
    public Tensor AllReduce(Tensor value, RankGroup group) => Together(group, "AllReduce", value, [], given =>
    {
        Demand(given, other => other.Value.shape.AsSpan().SequenceEqual(given[0].Value.shape), "are of different shapes");

        // In the order of the ranks, so that all have the same bits.
        var sum = given[0].Value.to(value.device).clone();
        foreach (var part in given.Skip(1)) sum = sum.Plus(part.Value.to(value.device));
        return sum;
    });

    public Tensor AllGather(Tensor value, int dim, RankGroup group) => Together(group, $"AllGather along {dim}", value, [], given =>
    {
        var along = (int)(dim < 0 ? dim + value.dim() : dim);
        ArgumentOutOfRangeException.ThrowIfNegative(along, nameof(dim));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(along, value.dim(), nameof(dim));
        Demand(given, other => other.Value.dim() == value.dim() && Enumerable.Range(0, (int)value.dim()).All(i => i == along || other.Value.shape[i] == value.shape[i]), "are of different shapes beside that dimension");
        return cat([.. given.Select(part => part.Value.to(value.device))], along);
    });

    public Tensor AllToAll(Tensor rows, ReadOnlySpan<long> counts, RankGroup group)
    {
        var (rank, size) = Place(group);
        if (counts.Length != size || rows.dim() == 0 || counts.ContainsAnyInRange(long.MinValue, -1) || counts.ToArray().Sum() != rows.shape[0])
            throw new ArgumentException($"There is a number of rows for each of the {size} ranks, together {(rows.dim() == 0 ? 0 : rows.shape[0])}, but these are {string.Join(", ", counts.ToArray())}.", nameof(counts));
        return Together(group, "AllToAll", rows, counts.ToArray(), given =>
        {
            Demand(given, other => other.Value.dim() == rows.dim() && other.Value.shape.AsSpan(1).SequenceEqual(rows.shape.AsSpan(1)), "have rows of different shapes");
            return cat([.. given.Select(part => part.Value.narrow(0, part.Counts.Take(rank).Sum(), part.Counts[rank]).to(rows.device))], 0);
        });
    }

    private (int Rank, int Size) Place(RankGroup group) => group == RankGroup.Tensor ? (topology.TensorRank, topology.TensorSize) : (topology.ExpertRank, topology.ExpertSize);

    private Tensor Together(RankGroup group, string operation, Tensor value, long[] counts, Func<IReadOnlyList<Given>, Tensor> result)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (rank, meeting) = (Place(group).Rank, group == RankGroup.Tensor ? tensor : expert);
        var given = Array.ConvertAll(meeting.Exchange(rank, new Given(operation, value, counts)), one => (Given)one!);
        try
        {
            using var scope = NewDisposeScope();
            Demand(given, other => other.Operation == operation, $"do different things: {string.Join(", ", given.Select(other => other.Operation).Distinct())}");
            Demand(given, other => other.Value.dtype == value.dtype, $"are of different types: {string.Join(", ", given.Select(other => other.Value.dtype).Distinct())}");
            return result(given).MoveToOuterDisposeScope();
        }
        finally
        {
            // Until all have read, nobody disposes of what they brought, and no finaliser either.
            meeting.Exchange(rank, null);
            GC.KeepAlive(value);
        }
    }

    private static void Demand(IReadOnlyList<Given> given, Func<Given, bool> isRight, string otherwise)
    {
        if (!given.All(isRight)) throw new InvalidOperationException($"What the ranks give {otherwise}: {string.Join("; ", given.Select((part, i) => $"rank {i} [{string.Join(", ", part.Value.shape)}]"))}.");
    }

    private sealed record Given(string Operation, Tensor Value, long[] Counts);
}
