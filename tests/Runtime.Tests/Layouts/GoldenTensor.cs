using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Layouts;

/// <summary>A tensor of a fixture, its elements as bits.</summary>
internal sealed record GoldenTensor(ImmutableArray<long> Shape, int[] Bits)
{
    /// <summary>The tensors of 32 bits in a fixture whose names begin with a prefix, by the rest of the name.</summary>
    public static Dictionary<string, GoldenTensor> Read(string path, string prefix)
    {
        using var checkpoint = Checkpoint.Open(path);
        var found = new Dictionary<string, GoldenTensor>();
        foreach (var tensor in checkpoint.Tensors.Values.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Assert.Equal(CheckpointType.F32, tensor.DType);
            var bits = new int[tensor.ElementCount];
            checkpoint.Read(tensor, 0, MemoryMarshal.AsBytes(bits.AsSpan()));
            found.Add(tensor.Name[prefix.Length..], new GoldenTensor(tensor.Shape, bits));
        }
        return found;
    }

    /// <summary>The elements whose index along one dimension is among those given, in that order.</summary>
    public int[] Take(int dimension, ImmutableArray<long> indices)
    {
        var inner = Shape[(dimension + 1)..].Product();
        var outer = Shape[..dimension].Product();
        var taken = new List<int>();
        for (var o = 0L; o < outer; o++)
            foreach (var index in indices)
                taken.AddRange(Bits.AsSpan((int)(((o * Shape[dimension]) + index) * inner), (int)inner));
        return [.. taken];
    }
}
