using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Checksums;

/// <summary>The checksums of what a trainer has, for the slots that a model asks for. Tensors come one by one, in any order.</summary>
internal sealed class SentChecksums : IDisposable
{
    private readonly WeightChecksums _asked;
    private readonly SlotChecksum?[] _found;
    private readonly ILookup<string, int> _tensors;
    private readonly ILookup<string, int> _scales;
    private readonly Dictionary<(int Slot, bool Scale), torch.Tensor> _waiting = [];

    public SentChecksums(WeightChecksums asked)
    {
        (_asked, _found) = (asked, new SlotChecksum?[asked.Slots.Length]);
        var names =
            from slot in asked.Slots.Index()
            from name in slot.Item.Aliases.Prepend(slot.Item.Tensor)
            select (Name: name, Slot: slot.Index);
        _tensors = names.ToLookup(item => item.Name, item => item.Slot, StringComparer.Ordinal);
        _scales = asked.Slots.Index().Where(slot => slot.Item.Encoding?.Scale is not null).ToLookup(slot => slot.Item.Encoding!.Scale!, slot => slot.Index, StringComparer.Ordinal);
    }

    /// <summary>Whether any slot needs the tensor.</summary>
    public bool Wants(string name) => Known(name) is not null;

    /// <summary>Enters a tensor.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="tensor">The whole tensor in checkpoint layout, on any device, with any strides.</param>
    public void Add(string name, torch.Tensor tensor)
    {
        if (Known(name) is not { } known) return;
        using var noGrad = torch.no_grad();
        using var copy = OrderedTensor.Of(tensor);
        var contiguous = copy ?? tensor;
        foreach (var slot in _tensors[known])
        {
            var asked = _asked.Slots[slot];
            if (asked.Encoding?.Scale is not null && !IsDecoded(asked, contiguous)) Pair(slot, contiguous, isScale: false);
            else Set(slot, Hashed(asked, contiguous, null));
        }
        foreach (var slot in _scales[known]) Pair(slot, contiguous, isScale: true);
    }

    /// <summary>The checksums of all slots whose tensors came.</summary>
    public WeightChecksums Result() => new([.. _found.OfType<SlotChecksum>()]) { Prefix = _asked.Prefix };

    public void Dispose()
    {
        foreach (var half in _waiting.Values) half.Dispose();
        _waiting.Clear();
    }

    private string? Known(string name) =>
        IsKnown(name) ? name
        : _asked.Prefix.Length > 0 && name.StartsWith(_asked.Prefix, StringComparison.Ordinal) && IsKnown(name[_asked.Prefix.Length..]) ? name[_asked.Prefix.Length..]
        : null;

    private bool IsKnown(string name) => _tensors.Contains(name) || _scales.Contains(name);

    /// <summary>Whether a tensor has the decoded values of what the model loads quantised, as an export writes them.</summary>
    private static bool IsDecoded(SlotChecksum asked, torch.Tensor tensor) => ElementTypes.IsFloat(tensor.dtype) && Same(tensor.shape, asked.Shape);

    /// <summary>A quantised tensor waits for its scales, and they for it.</summary>
    private void Pair(int slot, torch.Tensor half, bool isScale)
    {
        if (!_waiting.Remove((slot, !isScale), out var other))
        {
            if (_waiting.Remove((slot, isScale), out var before))
            {
                // The same half again, under the other name of a tied tensor: what either gives is not to be compared with the model then.
                if (before.dtype != half.dtype || !Same(before.shape, [.. half.shape]) || !TensorBits.Equal(before, half)) Set(slot, _asked.Slots[slot] with { Hash = null, Reason = "its halves contradict each other" });
                before.Dispose();
            }

            // A copy of our own: the caller may dispose of the tensor by then, or bring the next in the same memory.
            _waiting.Add((slot, isScale), half.clone().DetachFromDisposeScope());
            return;
        }
        using (other) Set(slot, Hashed(_asked.Slots[slot], isScale ? other : half, isScale ? half : other));
    }

    private void Set(int slot, SlotChecksum checksum)
    {
        if (_found[slot] is { } before && (before.Hash, before.Reason) != (checksum.Hash, checksum.Reason))
            checksum = checksum with { Hash = null, Reason = checksum.Aliases.IsEmpty ? "the trainer has it twice, with different bits" : $"the trainer has other bits under one of the names {string.Join(", ", checksum.Aliases.Prepend(checksum.Tensor))} than under another" };
        _found[slot] = checksum;
    }

    private static SlotChecksum Hashed(SlotChecksum asked, torch.Tensor stored, torch.Tensor? scale)
    {
        var decodes = asked.Encoding is not null && (scale is not null || asked.Encoding.Scale is null);
        var encoding = decodes ? asked.Encoding!.ToTensorEncoding() : new TensorEncoding(false, 0, Packing.None, 0);
        var reason = Refusal(asked, encoding, stored, scale);
        return asked with { Hash = reason is not null ? null : decodes ? Decoded(asked, encoding, stored, scale) : Plain(asked, stored), Reason = reason };
    }

    /// <summary>Why the trainer's tensor could not have filled the slot, or null.</summary>
    private static string? Refusal(SlotChecksum asked, TensorEncoding encoding, torch.Tensor stored, torch.Tensor? scale)
    {
        var (shape, type) = (encoding.StoredShape(asked.Shape), asked.Type.ToScalarType());
        if (!Same(stored.shape, shape)) return $"the trainer has it as {Shapes.Text(stored.shape)}, the model takes {Shapes.Text(shape)}";

        // Rounded, though a load would refuse to: a float32 trainer is to be compared with a bfloat16 engine.
        if (!encoding.Takes(stored.dtype, type, narrow: true)) return $"the trainer has it as {ElementTypes.Name(stored.dtype)}, the model takes {encoding.Expected(type)}";
        if (scale is null) return null;
        var shapes = encoding.ScaleShapes(asked.Shape);
        return !shapes.Any(expected => Same(scale.shape, expected)) ? $"the trainer has its scales as {Shapes.Text(scale.shape)}, the model takes {string.Join(" or ", shapes.Select(Shapes.Text))}"
            : !encoding.TakesScale(scale.dtype) ? $"the trainer has its scales as {ElementTypes.Name(scale.dtype)}"
            : null;
    }

    private static UInt128 Plain(SlotChecksum asked, torch.Tensor stored) =>
        TensorDigest.Of(stored, asked.Type.ToScalarType(), asked.Region.Offset, asked.Region.Sizes, asked.Region.Strides);

    private static UInt128 Decoded(SlotChecksum asked, TensorEncoding encoding, torch.Tensor stored, torch.Tensor? scale)
    {
        var (region, shape) = (asked.Region, asked.Shape);
        var slot = new LayoutSlot(0, region.Sizes, region.Offset, region.Strides, 0, region.Strides);
        var box = DecodedBox.Of(shape, encoding, [slot]);
        var inside = box.Inside(slot);
        using var decoded = TensorDecoder.Decode(stored, scale, shape, encoding, box);
        return TensorDigest.Of(decoded, asked.Type.ToScalarType(), inside.TensorOffset, inside.Sizes, inside.TensorStrides);
    }

    private static bool Same(long[] shape, ImmutableArray<long> expected) => expected.AsSpan().SequenceEqual(shape);
}
