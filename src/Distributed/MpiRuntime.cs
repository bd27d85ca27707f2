using System.Diagnostics.CodeAnalysis;
using Lanyard.Distributed.Messages;
using Lanyard.Distributed.Native;

namespace Lanyard.Distributed;

/// <summary>
/// This process as one of a job of Open MPI, as <c>mpirun -np 4 program</c> starts it; started alone, it is the only one. There is one in a process, once.
/// </summary>
/// <remarks>
/// The death of one process ends the job: mpirun ends all others. So a process that fails must not end quietly, for the others would wait for it; <see cref="Run"/> sees to that.
/// </remarks>
public sealed class MpiRuntime : IDisposable
{
    // MPI_THREAD_MULTIPLE: any thread calls at any time.
    private const int AnyThread = 3;

    private static int _count;

    private readonly Communicator _world;
    private bool _hasEnded;

    private MpiRuntime()
    {
        _world = Communicator.OfWorld();
        Messages = new MpiMessages(Communicator.OfWorld());
    }

    /// <summary>The number of this process in the job.</summary>
    public int Rank => _world.Rank;

    /// <summary>How many processes the job has.</summary>
    public int Size => _world.Size;

    /// <summary>Messages between its processes.</summary>
    public MpiMessages Messages { get; }

    /// <summary>Begins. All processes of the job do so.</summary>
    /// <exception cref="MpiException">Open MPI is not there, lets one thread alone call it, or was begun in this process before.</exception>
    public static MpiRuntime Start()
    {
        MpiLibrary.Open();
        if (Interlocked.Exchange(ref _count, 1) != 0) throw new MpiException("MPI_Init_thread", 0, "it was begun in this process before, and MPI begins once.");
        var provided = 0;
        MpiLibrary.Check(SignalHandlers.Keeping(() => Begin(out provided)), nameof(MpiFunctions.MPI_Init_thread));
        if (provided < AnyThread) throw new MpiException("MPI_Init_thread", 0, $"this build of Open MPI lets threads call it at level {provided}, and {AnyThread} is needed (MPI_THREAD_MULTIPLE).");
        return new MpiRuntime();
    }

    /// <summary>Begins, lets the process do its part, and ends. Where that fails, the exception is written to the error stream and the job ended, on all ranks.</summary>
    /// <param name="rank">What the process does.</param>
    /// <returns>What it returned.</returns>
    public static int Run(Func<MpiRuntime, int> rank)
    {
        ArgumentNullException.ThrowIfNull(rank);
        var runtime = Start();
        try
        {
            var code = rank(runtime);
            runtime.Dispose();
            return code;
        }
        catch (Exception exception)
        {
            // Whatever it is: this rank will not come where the others wait for it.
            Console.Error.WriteLine($"Rank {runtime.Rank} of {runtime.Size} failed and ends the job: {exception}");
            runtime.Abort();
            throw;
        }
    }

    /// <summary>
    /// Divides processes into groups: from the first rank on, the tensor-parallel ones of the first expert-parallel rank, then those of the second, and so on, replica after replica. All processes
    /// of the job call it, with the same sizes; those behind belong to no group.
    /// </summary>
    /// <param name="tensorSize">The number of tensor-parallel ranks.</param>
    /// <param name="expertSize">The number of expert-parallel ranks.</param>
    /// <param name="replicas">The number of replicas.</param>
    /// <param name="firstRank">The process that is the first of them.</param>
    /// <returns>The groups of this process; null where it belongs to none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there are not so many processes.</exception>
    /// <exception cref="RankMismatchException">The processes give different sizes.</exception>
    public MpiGroups? Groups(int tensorSize, int expertSize = 1, int replicas = 1, int firstRank = 0)
    {
        int[] sizes = [tensorSize, expertSize, replicas, firstRank];
        var bytes = sizes.SelectMany(BitConverter.GetBytes).ToArray();
        var all = _world.AllGather(bytes);
        var given = Enumerable.Range(0, Size).Select(rank => Enumerable.Range(0, sizes.Length).Select(i => BitConverter.ToInt32(all, (rank * bytes.Length) + (i * sizeof(int)))).ToArray()).ToList();
        if (!given.TrueForAll(one => one.AsSpan().SequenceEqual(sizes)))
            throw new RankMismatchException("are different sizes of groups", [.. given.Select((one, rank) => $"rank {rank} tensor {one[0]}, expert {one[1]}, replicas {one[2]}, from rank {one[3]}")]);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tensorSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expertSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRank);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(((long)tensorSize * expertSize * replicas) + firstRank, Size, "processes");

        var here = Rank - firstRank;
        var isIn = here >= 0 && here < tensorSize * expertSize * replicas;
        var (tensor, expert, replica) = (here % tensorSize, here / tensorSize % expertSize, here / (tensorSize * expertSize));
        var tensors = _world.Split(isIn ? (replica * expertSize) + expert : null);
        var experts = _world.Split(isIn ? (replica * tensorSize) + tensor : null);
        var copies = _world.Split(isIn ? (expert * tensorSize) + tensor : null);
        return isIn
            ? new MpiGroups(new Topology(tensor, tensorSize, expert, expertSize), replica, new MpiGroup("tensor", tensors!, Rank), new MpiGroup("expert", experts!, Rank), new MpiGroup("data", copies!, Rank))
            : null;
    }

    /// <summary>Waits until all processes of the job have come here.</summary>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public void Barrier() => _world.AllGather([0]);

    /// <summary>Ends all processes of the job at once.</summary>
    /// <param name="code">What mpirun returns.</param>
    [DoesNotReturn]
    public void Abort(int code = 1)
    {
        Console.Out.Flush();
        _ = MpiFunctions.MPI_Abort(MpiLibrary.World, code);
        Environment.Exit(code);
    }

    /// <summary>Ends the process's part. It waits for the others, which must do so too: where one fails, call <see cref="Abort"/> instead.</summary>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public void Dispose()
    {
        if (_hasEnded) return;
        _hasEnded = true;
        MpiLibrary.Check(MpiFunctions.MPI_Finalize());
    }

    private static unsafe int Begin(out int provided)
    {
        fixed (int* level = &provided) return MpiFunctions.MPI_Init_thread(null, null, AnyThread, level);
    }
}
