using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Lanyard.Distributed.Groups;
using Lanyard.Distributed.Messages;
using static TorchSharp.torch;

namespace Lanyard.Distributed;

/// <summary>
/// Processes that compute together. Each calls the same operations in the same order; what does not belong together is refused on all of them, with a <see cref="RankMismatchException"/>, before
/// anything is exchanged. Results are new tensors, on the device of what was given, and carry no gradients.
/// </summary>
/// <remarks>
/// A rank that fails elsewhere and does not come keeps the others waiting: let it end the job (<see cref="MpiRuntime.Run"/>, <see cref="MpiRuntime.Abort"/>). Calls of several threads follow
/// one another; that they do so in one order on all ranks is for the caller to see to.
/// </remarks>
public sealed class MpiGroup
{
    private readonly Lock _lock = new();
    private readonly Communicator _ranks;

    internal MpiGroup(string name, Communicator ranks, int worldRank)
    {
        (Name, _ranks) = (name, ranks);
        var all = ranks.AllGather(BitConverter.GetBytes(worldRank));
        WorldRanks = [.. Enumerable.Range(0, ranks.Size).Select(rank => BitConverter.ToInt32(all, rank * sizeof(int)))];
    }

    /// <summary>What the group is for: <c>tensor</c>, <c>expert</c>, <c>data</c>.</summary>
    public string Name { get; }

    /// <summary>The number of this process in the group.</summary>
    public int Rank => _ranks.Rank;

    /// <summary>How many processes there are.</summary>
    public int Size => _ranks.Size;

    /// <summary>The numbers that they have in the job, in order.</summary>
    public ImmutableArray<int> WorldRanks { get; }

    /// <summary>The sum of what all ranks give, each of one shape and type: added in the order of the ranks, so that all have the same bits, and those of <see cref="InProcessRanks"/>.</summary>
    /// <param name="value">This rank's part of the sum.</param>
    /// <exception cref="RankMismatchException">The ranks give what does not belong together.</exception>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public Tensor AllReduce(Tensor value) => Together(
        "AllReduce",
        value,
        [],
        // A type that cannot be added is refused here, not on some of the ranks in the middle.
        () => _ = zeros(1, dtype: value.dtype).Plus(zeros(1, dtype: value.dtype)),
        (mine, given) =>
        {
            Demand(given, other => other.Shape.AsSpan().SequenceEqual(given[0].Shape), "are of different shapes");
            return GroupParts.Sum(_ranks, mine);
        });

    /// <summary>What all ranks give, one after another along a dimension. Along it, but not along others, they may give different sizes.</summary>
    /// <param name="value">This rank's part.</param>
    /// <param name="dim">The dimension; negative ones count from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    /// <exception cref="RankMismatchException">The ranks give what does not belong together.</exception>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public Tensor AllGather(Tensor value, int dim)
    {
        var along = value is not null && dim < 0 ? (int)(dim + value.dim()) : dim;
        return Together(
            $"AllGather along {dim}",
            value!,
            [],
            () =>
            {
                ArgumentOutOfRangeException.ThrowIfNegative(along, nameof(dim));
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(along, value!.dim(), nameof(dim));
            },
            (mine, given) =>
            {
                Demand(given, other => other.Shape.Length == mine.dim() && other.Shape.Where((_, i) => i != along).SequenceEqual(given[0].Shape.Where((_, i) => i != along)), "are of different shapes beside that dimension");
                return GroupParts.Joined(_ranks, mine, along, Array.ConvertAll(given, part => part.Shape[along]));
            });
    }

    /// <summary>Gives each rank some rows and takes those that the others have for this one, in the order of the ranks.</summary>
    /// <param name="rows">[rows ...]: those for the first rank, then those for the second, and so on.</param>
    /// <param name="counts">How many rows are for each rank; their sum is the number of rows.</param>
    /// <exception cref="ArgumentException">There is not one number for each rank, or they are not those of the rows.</exception>
    /// <exception cref="RankMismatchException">The ranks give what does not belong together.</exception>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public Tensor AllToAll(Tensor rows, ReadOnlySpan<long> counts)
    {
        var dealt = counts.ToArray();
        return Together(
            "AllToAll",
            rows,
            dealt,
            () =>
            {
                var there = rows.dim() == 0 ? 0 : rows.shape[0];
                if (dealt.Length != Size || rows.dim() == 0 || dealt.Any(long.IsNegative) || dealt.Sum() != there)
                    throw new ArgumentException($"There is a number of rows for each of the {Size} ranks, together {there}, but these are {string.Join(", ", dealt)}.", nameof(counts));
            },
            (mine, given) =>
            {
                Demand(given, other => other.Shape.Length == mine.dim() && other.Shape.AsSpan(1).SequenceEqual(given[0].Shape.AsSpan(1)), "have rows of different shapes");
                return GroupParts.Dealt(_ranks, mine, dealt, Array.ConvertAll(given, part => part.Counts[Rank]));
            });
    }

    /// <summary>Waits until all ranks have come here.</summary>
    /// <exception cref="RankMismatchException">Others do something else.</exception>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public void Barrier()
    {
        using var nothing = empty(0);
        Together("Barrier", nothing, [], () => { }, (mine, _) => mine.clone()).Dispose();
    }

    private Tensor Together(string operation, Tensor value, long[] counts, Action check, Func<Tensor, Given[], Tensor> run)
    {
        lock (_lock)
        {
            using var scope = NewDisposeScope();
            var (own, mine, fault) = Prepare(operation, value, counts, check);
            var all = _ranks.AllGather(own.Write(Size));
            fault?.Throw();
            var given = Enumerable.Range(0, Size).Select(rank => Given.Read(all.AsSpan(rank * Given.Bytes(Size), Given.Bytes(Size)))).ToArray();
            Demand(given, other => other.Fault is null, "is not what ranks can give");
            Demand(given, other => other.Operation == given[0].Operation, "are for different things");
            Demand(given, other => other.Type == given[0].Type, "are of different types");
            var result = run(mine!, given).to(value.device);
            GC.KeepAlive(value);
            return result.MoveToOuterDisposeScope();
        }
    }

    private static (Given Own, Tensor? Mine, ExceptionDispatchInfo? Fault) Prepare(string operation, Tensor value, long[] counts, Action check)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(value);
            check();
            return (new Given(operation, value.dtype, value.shape, counts), OwnMemory.Of(value), null);
        }
        catch (Exception fault)
        {
            // The others wait for what this rank gives, whatever keeps it from giving: they are told, and it is thrown here afterwards.
            return (new Given(operation, default, [], [], $"{operation}: {fault.Message}"), null, ExceptionDispatchInfo.Capture(fault));
        }
    }

    private void Demand(Given[] given, Func<Given, bool> isRight, string otherwise)
    {
        if (!given.All(isRight)) throw new RankMismatchException(otherwise, [.. given.Select((part, rank) => $"{Name} rank {rank} (rank {WorldRanks[rank]} of the job) {part}")]);
    }
}
