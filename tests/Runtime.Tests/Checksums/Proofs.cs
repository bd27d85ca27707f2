using System.IO.Hashing;
using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>Compares what a model holds with what a trainer has, and computes checksums in the plainest way.</summary>
internal static class Proofs
{
    public static ChecksumReport Compare(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> tensors, string? format = null)
    {
        var held = model.Checksums(format);
        return held.Compare(WeightChecksums.Of(tensors.Select(tensor => (tensor.Key, tensor.Value)), held));
    }

    /// <summary>Checks that every slot agrees, and that there are as many as the layout says.</summary>
    public static void Holds(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> tensors, string? format = null)
    {
        var report = Compare(model, tensors, format);
        report.ThrowUnlessProven();
        Assert.Equal(model.Checksums(format).Slots.Length, report.Agreeing);
    }

    /// <summary>The same of a checkpoint.</summary>
    public static void Holds(IParameterModule model, Checkpoint checkpoint, string? format = null)
    {
        var held = model.Checksums(format);
        var report = held.Compare(WeightChecksums.Of(checkpoint, held));
        report.ThrowUnlessProven();
        Assert.Equal(held.Slots.Length, report.Agreeing);
    }

    /// <summary>The elements of a region, one by one.</summary>
    public static IEnumerable<long> Elements(SlotRegion region)
    {
        for (var flat = 0L; flat < region.Count; flat++)
        {
            var (element, rest) = (region.Offset, flat);
            for (var i = region.Sizes.Length - 1; i >= 0; i--)
            {
                element += rest % region.Sizes[i] * region.Strides[i];
                rest /= region.Sizes[i];
            }
            yield return element;
        }
    }

    /// <summary>The hash of some elements of a contiguous tensor, gathered byte by byte.</summary>
    public static UInt128 Hash(Tensor tensor, IEnumerable<long> elements)
    {
        var (bytes, size) = (tensor.bytes.ToArray(), (int)tensor.element_size());
        return XxHash128.HashToUInt128([.. elements.SelectMany(element => bytes.AsSpan((int)element * size, size).ToArray())]);
    }

    /// <summary>Flips a bit of an element of a contiguous CPU tensor; the second call takes it back.</summary>
    public static void Flip(Tensor tensor, long element, int bit)
    {
        var size = (int)tensor.element_size();
        tensor.bytes[((int)element * size) + (bit / 8)] ^= (byte)(1 << (bit % 8));
    }
}
