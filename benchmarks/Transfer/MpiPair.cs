using Lanyard.Distributed;

namespace Lanyard.Benchmarks;

/// <summary>Over Open MPI.</summary>
internal sealed class MpiPair(MpiRuntime mpi) : Pair(mpi.Rank)
{
    private const int PlainTag = 2;

    public override ITransferChannel Channel { get; } = new MpiTransferChannel(mpi.Messages, tag: 1);

    public override string Name => "MPI";

    public override void Exchange(Memory given, Memory taken)
    {
        var batch = mpi.Messages.Begin();
        if (taken.Bytes > 0) batch.Receive(1 - Process, PlainTag, taken.Address, taken.Bytes);
        if (given.Bytes > 0) batch.Send(1 - Process, PlainTag, given.Address, given.Bytes);
        batch.Wait();
    }
}
