using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Worker;

/// <summary>What ranks give that does not belong together is refused on all of them, with what each gave, and they go on.</summary>
internal static class RefusalChecks
{
    public static void Run(Checks checks, MpiRuntime mpi)
    {
        var group = mpi.Groups(3, firstRank: 1)?.Tensor;
        checks.Section("refusals", all =>
        {
            if (group is null) return;
            using var scope = NewDisposeScope();
            var (isOdd, value, last) = (group.Rank == 1, zeros(2, 3), ones(2));

            Refused("shapes", () => group.AllReduce(isOdd ? value[..1] : value), "are of different shapes: tensor rank 0 (rank 1 of the job) AllReduce of Float32 [2, 3]; tensor rank 1 (rank 2 of the job) AllReduce of Float32 [1, 3]; tensor rank 2 (rank 3 of the job)");
            Refused("types", () => group.AllReduce(isOdd ? value.to(ScalarType.Float64) : value), "are of different types", "rank 1 (rank 2 of the job) AllReduce of Float64 [2, 3]");
            Refused("operations", () => _ = isOdd ? group.AllGather(value, 0) : group.AllReduce(value), "are for different things", "AllGather along 0 of Float32 [2, 3]", "AllReduce of Float32 [2, 3]");
            Refused("dimensions", () => group.AllGather(value, isOdd ? 1 : 0), "are for different things", "along 0", "along 1");
            Refused("numbers of dimensions", () => group.AllGather(isOdd ? zeros(2, 3, 1) : value, 0), "are of different shapes beside that dimension", "[2, 3, 1]");
            Refused("sizes beside", () => group.AllGather(isOdd ? zeros(2, 4) : value, 0), "are of different shapes beside that dimension", "[2, 4]");
            Refused("rows", () => group.AllToAll(isOdd ? zeros(2, 4) : value, [1, 1, 0]), "have rows of different shapes", "[2, 4]");
            Refused("barrier", () => _ = isOdd ? group.AllReduce(value) : Passed(group), "are for different things", "Barrier", "AllReduce");

            // What one rank may not give is thrown there, and told to the others.
            if (isOdd) all.Throws<ArgumentNullException>(() => group.AllReduce(null!), "nothing");
            else Refused("nothing", () => group.AllReduce(value), "is not what ranks can give", "rank 1 (rank 2 of the job) AllReduce: Value cannot be null");
            if (isOdd) all.Throws<ArgumentOutOfRangeException>(() => group.AllGather(value, 2), "no such dimension");
            else Refused("no such dimension", () => group.AllGather(value, 0), "is not what ranks can give", "AllGather along 2: ");
            if (isOdd) all.Throws<ArgumentException>(() => group.AllToAll(value, [1, 1, 1]), "counts", "together 2, but these are 1, 1, 1");
            else Refused("counts", () => group.AllToAll(value, [1, 1, 0]), "is not what ranks can give", "together 2, but these are 1, 1, 1");
            all.Throws<Exception>(() => group.AllReduce(value.to((ScalarType)24)), "sums of eight bits", "Float8_e4m3fn");
            if (isOdd) all.Throws<Exception>(() => group.AllReduce(eye(2).to_sparse()), "sparse");
            else Refused("sparse", () => group.AllReduce(eye(2)), "is not what ranks can give");

            all.That(group.AllReduce(last).data<float>().SequenceEqual([3, 3]), "the group does not go on");
            return;

            void Refused(string what, Action action, params string[] says) => all.Throws<RankMismatchException>(action, what, says);
        });
    }

    private static Tensor Passed(MpiGroup group)
    {
        group.Barrier();
        return zeros(0);
    }
}
