using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Worker;

/// <summary>Which processes are in which groups.</summary>
internal static class GroupChecks
{
    public static void Run(Checks checks, MpiRuntime mpi)
    {
        checks.Section("groups", all =>
        {
            // Five processes: the first is none, then two replicas of tensor 2.
            var groups = mpi.Groups(2, replicas: 2, firstRank: 1);
            all.That(groups is null == (mpi.Rank == 0), "the first process has groups, or another none");
            if (groups is not null)
            {
                var here = mpi.Rank - 1;
                all.That(groups.Topology.Equals(new Topology(here % 2, 2)) && groups.Replica == here / 2, $"{groups.Topology}, replica {groups.Replica}");
                all.That(groups.Tensor.WorldRanks.SequenceEqual(here < 2 ? [1, 2] : [3, 4]) && groups.Data.WorldRanks.SequenceEqual([1 + (here % 2), 3 + (here % 2)]) && groups.Expert.WorldRanks.SequenceEqual([mpi.Rank]), "the groups are of others");
                using var sum = groups.Data.AllReduce(full(2, (float)mpi.Rank));
                all.That(sum[0].ToSingle() == groups.Data.WorldRanks.Sum(), "a sum over replicas is another");
                all.Throws<ArgumentOutOfRangeException>(() => groups.AllReduce(sum, (RankGroup)7), "no such group");
            }
            all.Throws<RankMismatchException>(() => mpi.Groups(mpi.Rank == 2 ? 4 : 2), "sizes", "are different sizes of groups: rank 0 tensor 2, expert 1, replicas 1, from rank 0; rank 1 tensor 2", "rank 2 tensor 4");
            all.Throws<ArgumentOutOfRangeException>(() => mpi.Groups(3, 2), "too many");
            all.Throws<ArgumentOutOfRangeException>(() => mpi.Groups(0), "none");
            all.Throws<MpiException>(() => MpiRuntime.Start(), "twice", "MPI begins once");
        });
        checks.Section("exceptions of .NET", all => all.Throws<NullReferenceException>(() => _ = ((Checks)Nothing()!).GetHashCode(), "no object"));
    }

    /// <summary>A process that nobody started by mpirun.</summary>
    public static void Alone(Checks checks, MpiRuntime mpi) => checks.Section("alone", all =>
    {
        all.That((mpi.Rank, mpi.Size) == (0, 1), $"rank {mpi.Rank} of {mpi.Size}");
        using var sum = mpi.Groups(1)!.Tensor.AllReduce(ones(3));
        all.That(sum.sum().ToSingle() == 3, "a sum of one is another");
    });

    private static object? Nothing() => Environment.TickCount64 < 0 ? new object() : null;
}
