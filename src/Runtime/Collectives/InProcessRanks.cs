using System.Runtime.ExceptionServices;
using Lanyard.Collectives;

namespace Lanyard;

/// <summary>
/// The ranks of one model as threads of this process: for tests, and for trying out slices where there is one machine. A rank that fails ends the
/// operations of all others.
/// </summary>
public sealed class InProcessRanks
{
    private readonly Meeting[] _tensor;
    private readonly Meeting[] _expert;

    /// <summary>Makes room for a number of ranks.</summary>
    /// <param name="tensorSize">The number of tensor-parallel ranks.</param>
    /// <param name="expertSize">The number of expert-parallel ranks.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public InProcessRanks(int tensorSize, int expertSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tensorSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expertSize);
        (TensorSize, ExpertSize) = (tensorSize, expertSize);
        _tensor = [.. Enumerable.Range(0, expertSize).Select(_ => new Meeting(tensorSize))];
        _expert = [.. Enumerable.Range(0, tensorSize).Select(_ => new Meeting(expertSize))];
    }

    /// <summary>The number of tensor-parallel ranks.</summary>
    public int TensorSize { get; }

    /// <summary>The number of expert-parallel ranks.</summary>
    public int ExpertSize { get; }

    /// <summary>The operations of one rank, to be called from its own thread.</summary>
    /// <param name="topology">The rank.</param>
    /// <exception cref="ArgumentException">The topology has other sizes.</exception>
    public ICollectives Of(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        if ((topology.TensorSize, topology.ExpertSize) != (TensorSize, ExpertSize))
            throw new ArgumentException($"There are {TensorSize} tensor-parallel and {ExpertSize} expert-parallel ranks, but the topology says {topology.TensorSize} and {topology.ExpertSize}.", nameof(topology));
        return new InProcessCollectives(topology, _tensor[topology.ExpertRank], _expert[topology.TensorRank]);
    }

    /// <summary>Runs every rank on a thread of its own and waits for all of them.</summary>
    /// <typeparam name="T">What a rank returns.</typeparam>
    /// <param name="tensorSize">The number of tensor-parallel ranks.</param>
    /// <param name="expertSize">The number of expert-parallel ranks.</param>
    /// <param name="rank">What a rank does.</param>
    /// <returns>What the ranks returned: the tensor-parallel ones of the first expert-parallel rank, then those of the second, and so on.</returns>
    /// <exception cref="Exception">What the first rank that failed threw.</exception>
    public static IReadOnlyList<T> Run<T>(int tensorSize, int expertSize, Func<Topology, ICollectives, T> rank)
    {
        ArgumentNullException.ThrowIfNull(rank);
        var ranks = new InProcessRanks(tensorSize, expertSize);
        var results = new T[tensorSize * expertSize];
        ExceptionDispatchInfo? failure = null;
        var threads = Enumerable.Range(0, results.Length).Select(i => new Thread(() =>
        {
            var topology = new Topology(i % tensorSize, tensorSize, i / tensorSize, expertSize);
            try
            {
                results[i] = rank(topology, ranks.Of(topology));
            }
            catch (Exception exception)
            {
                // The first one is the cause: the others are sent away because of it.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                ranks.End($"Rank {topology.TensorRank} of {tensorSize} (tensor) and {topology.ExpertRank} of {expertSize} (expert) failed: {exception.Message}");
            }
        })).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        failure?.Throw();
        return results;
    }

    private void End(string because)
    {
        foreach (var meeting in _tensor.Concat(_expert)) meeting.End(because);
    }
}
