using Lanyard.Distributed.Messages;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Groups;

/// <summary>How the ranks of a group give each other parts of tensors whose sizes they know.</summary>
internal static class GroupParts
{
    /// <summary>Below this many bytes a rank is given everything at once: waiting twice costs more than adding everything on every rank.</summary>
    private const int Small = 16 * 1024;

    /// <summary>
    /// The sum of what all give. Each rank adds up a share of the elements, in the order of the ranks, and gives its sums to the others: every rank has the same bits,
    /// which are those of an addition of whole tensors in that order.
    /// </summary>
    public static Tensor Sum(Communicator ranks, Tensor mine)
    {
        var (own, size) = (mine.flatten(), ranks.Size);
        var isSmall = OwnMemory.Bytes(mine) <= Small;
        var length = own.numel();
        var share = (length + size - 1) / size;
        var here = isSmall ? own : Share(own, ranks.Rank);
        var parts = Enumerable.Range(0, size).Select(rank => rank == ranks.Rank ? here : Fresh(here.shape, mine)).ToArray();
        Exchange(ranks, rank => isSmall ? own : Share(own, rank), rank => parts[rank]);
        var sum = parts[0].clone();
        foreach (var part in parts.Skip(1)) sum = sum.Plus(part);
        if (isSmall) return sum.reshape(mine.shape);

        var whole = Fresh([length], mine);
        Share(whole, ranks.Rank).copy_(sum);
        Exchange(ranks, _ => Share(whole, ranks.Rank), rank => Share(whole, rank));
        return whole.view(mine.shape);

        Tensor Share(Tensor of, int rank)
        {
            var begin = Math.Min(rank * share, length);
            return of.narrow(0, begin, Math.Min(share, length - begin));
        }
    }

    /// <summary>What all give, one after another along a dimension.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="mine">What this rank gives.</param>
    /// <param name="along">The dimension.</param>
    /// <param name="sizes">The size of what each rank gives along it.</param>
    public static Tensor Joined(Communicator ranks, Tensor mine, int along, long[] sizes)
    {
        if (along == 0)
        {
            var whole = Fresh([sizes.Sum(), .. mine.shape[1..]], mine);
            var begins = Begins(sizes);
            var places = sizes.Select((size, rank) => whole.narrow(0, begins[rank], size)).ToArray();
            places[ranks.Rank].copy_(mine);
            Exchange(ranks, _ => mine, rank => places[rank]);
            return whole;
        }
        var parts = sizes.Select((size, rank) => rank == ranks.Rank ? mine : Fresh([.. mine.shape[..along], size, .. mine.shape[(along + 1)..]], mine)).ToArray();
        Exchange(ranks, _ => mine, rank => parts[rank]);
        return cat(parts, along);
    }

    /// <summary>The rows that all have for this rank, in the order of the ranks.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="mine">This rank's rows.</param>
    /// <param name="given">How many of them are for each rank.</param>
    /// <param name="taken">How many each rank has for this one.</param>
    public static Tensor Dealt(Communicator ranks, Tensor mine, long[] given, long[] taken)
    {
        var whole = Fresh([taken.Sum(), .. mine.shape[1..]], mine);
        var (from, to) = (Begins(given), Begins(taken));
        whole.narrow(0, to[ranks.Rank], taken[ranks.Rank]).copy_(mine.narrow(0, from[ranks.Rank], given[ranks.Rank]));
        Exchange(ranks, rank => mine.narrow(0, from[rank], given[rank]), rank => whole.narrow(0, to[rank], taken[rank]));
        return whole;
    }

    private static long[] Begins(long[] sizes)
    {
        var begins = new long[sizes.Length];
        for (var i = 1; i < sizes.Length; i++) begins[i] = begins[i - 1] + sizes[i - 1];
        return begins;
    }

    private static Tensor Fresh(long[] shape, Tensor like) => empty(shape, dtype: like.dtype, device: CPU);

    // Both ends know the sizes: what is empty is no message.
    private static void Exchange(Communicator ranks, Func<int, Tensor> given, Func<int, Tensor> taken)
    {
        var batch = new MpiBatch(ranks);
        var used = new List<Tensor>();
        for (var step = 1; step < ranks.Size; step++)
        {
            // Not all at once to the first rank.
            var (to, from) = ((ranks.Rank + step) % ranks.Size, (ranks.Rank - step + ranks.Size) % ranks.Size);
            Begin(taken(from), (address, bytes) => batch.Receive(from, 0, address, bytes));
            Begin(given(to), (address, bytes) => batch.Send(to, 0, address, bytes));
        }
        batch.Wait();
        foreach (var tensor in used) GC.KeepAlive(tensor);

        void Begin(Tensor tensor, Action<nint, long> begin)
        {
            if (tensor.numel() == 0) return;
            used.Add(tensor);
            begin(TensorAddress.Of(tensor), OwnMemory.Bytes(tensor));
        }
    }
}
