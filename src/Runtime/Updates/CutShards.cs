using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Index;

namespace Lanyard.Updates;

/// <summary>Stored shards of a joined tensor that have other sizes than the model cuts it into: the bytes of each are pieces of the model's.</summary>
internal static class CutShards
{
    /// <summary>The pieces of each stored shard that is to be cut. Shards that make up no tensor of the whole size are left as they are, and do not fit.</summary>
    /// <param name="index">The model.</param>
    /// <param name="tensors">What is stored.</param>
    /// <param name="find">Finds the model's tensor of a stored one.</param>
    public static Dictionary<CheckpointTensor, ImmutableArray<CheckpointTensor>> Of(ModelIndex index, CheckpointTensor[] tensors, Func<CheckpointTensor, ModelTensor?> find)
    {
        var pieces = new Dictionary<CheckpointTensor, ImmutableArray<CheckpointTensor>>(ReferenceEqualityComparer.Instance);
        var wanted = index.Joined.SelectMany(shards => shards).Select(use => use.Tensor).ToHashSet();
        var stored = tensors.Select(tensor => (Stored: tensor, Tensor: find(tensor))).Where(tensor => tensor.Tensor is not null && wanted.Contains(tensor.Tensor)).ToLookup(tensor => tensor.Tensor!, tensor => tensor.Stored);
        foreach (var shards in index.Joined)
        {
            if (shards.Any(shard => stored[shard.Tensor].Count() != 1)) continue;
            CheckpointTensor[] files = [.. shards.Select(shard => stored[shard.Tensor].First())];
            if (!files.Zip(shards).All(pair => pair.First.Shape.AsSpan().SequenceEqual(pair.Second.Shape.AsSpan())) && AreWhole(shards, files)) Cut(shards, files, pieces);
        }
        return pieces;
    }

    private static bool AreWhole(ImmutableArray<TensorUse> shards, CheckpointTensor[] files) =>
        files.All(file => file.Place is null && file.DType.IsViewable() && file.Shape.Length == shards[0].Shape.Length && file.Shape.AsSpan()[1..].SequenceEqual(shards[0].Shape.AsSpan()[1..]))
        && files.Aggregate((Int128)0, (rows, file) => rows + file.Shape[0]) == shards.Sum(shard => shard.Shape[0]);

    private static void Cut(ImmutableArray<TensorUse> shards, CheckpointTensor[] files, Dictionary<CheckpointTensor, ImmutableArray<CheckpointTensor>> pieces)
    {
        var (start, shard) = (0L, 0);
        foreach (var file in files)
        {
            var (end, own) = (start + file.Shape[0], ImmutableArray.CreateBuilder<CheckpointTensor>());
            var row = file.Shape[0] == 0 ? 0 : file.Length / file.Shape[0];
            for (var at = start; at < end;)
            {
                while (shards[shard].Rows!.Value is var rows && rows.Start + rows.Count <= at) shard++;
                var (first, count) = (shards[shard].Rows!.Value.Start, shards[shard].Rows!.Value.Count);
                var taken = Math.Min(end, first + count) - at;
                own.Add(file with
                {
                    Name = files[shard].Name,
                    Shape = file.Shape.SetItem(0, taken),
                    Offset = file.Offset + ((at - start) * row),
                    Length = taken * row,
                    Place = new PiecePlace([at - first, .. file.Shape.Skip(1).Select(_ => 0L)], []) { Whole = shards[shard].Shape, Of = file },
                });
                at += taken;
            }
            pieces.TryAdd(file, own.ToImmutable());
            start = end;
        }
    }
}
