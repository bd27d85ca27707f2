using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Memory;
using Lanyard.Names;
using TorchSharp;

namespace Lanyard.Checksums;

/// <summary>The checksums of what a trainer has, for the slots that a model asks for. Tensors come one by one, in any order.</summary>
internal sealed class SentChecksums : IDisposable
{
    private const int Codes = -1;

    private readonly WeightChecksums _asked;
    private readonly MappedNames? _mapped;
    private readonly SlotChecksum?[] _found;
    private readonly ILookup<string, int> _tensors;
    private readonly ILookup<string, (int Slot, int Way, int Part)> _companions;
    private readonly ILookup<string, int> _absent;

    // Of each way in which a slot may be stored: the codes are part -1; beside them stand the companions, by their numbers.
    private readonly Dictionary<(int Slot, int Way, int Part), torch.Tensor> _waiting = [];

    /// <exception cref="ArgumentException">The mapping is not well declared.</exception>
    public SentChecksums(WeightChecksums asked, NameMapping? mapping = null)
    {
        (_asked, _found, _mapped) = (asked, new SlotChecksum?[asked.Slots.Length], mapping is null ? null : new MappedNames(mapping));
        var names =
            from slot in asked.Slots.Index()
            from name in slot.Item.Aliases.Prepend(slot.Item.Tensor)
            select (Name: name, Slot: slot.Index);
        _tensors = names.ToLookup(item => item.Name, item => item.Slot, StringComparer.Ordinal);
        _absent = asked.Slots.Index().SelectMany(slot => slot.Item.Absent.Except(slot.Item.Aliases.Prepend(slot.Item.Tensor)).Select(name => (Name: name, Slot: slot.Index))).ToLookup(item => item.Name, item => item.Slot, StringComparer.Ordinal);
        _companions = (
            from slot in asked.Slots.Index()
            from way in slot.Item.Encodings.Index()
            where way.Item is not null
            from part in way.Item.Companions.Index()
            from name in way.Item.CompanionAliases.ElementAtOrDefault(part.Index) is { IsDefault: false } others ? others.Prepend(part.Item) : [part.Item]
            select (Name: name, Slot: slot.Index, Way: way.Index, Part: part.Index)).ToLookup(item => item.Name, item => (item.Slot, item.Way, item.Part), StringComparer.Ordinal);
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
            // Which way it is, its type says, and what stands beside it.
            var (asked, taken) = (_asked.Slots[slot], false);
            foreach (var (way, encoding) in asked.Encodings.Index())
            {
                var isLast = way == asked.Others.Length && !taken;
                if (!isLast && Refusal(asked, IsDecoded(asked, contiguous) ? null : encoding, contiguous, []) is not null) continue;
                taken = true;
                if (encoding is { Companions.IsEmpty: false } && !IsDecoded(asked, contiguous))
                {
                    Bring(slot, way, Codes, contiguous);
                    continue;
                }
                Set(slot, Hashed(asked, encoding, contiguous, []));
                break;
            }
        }
        foreach (var (slot, way, part) in _companions[known]) Bring(slot, way, part, contiguous);
        foreach (var slot in _absent[known]) Set(slot, _asked.Slots[slot] with { Hash = null, Reason = $"the trainer has {known}, and the model was loaded without it" });

        // A tensor that was made for this call alone: its finaliser would free it while it is hashed.
        GC.KeepAlive(tensor);
    }

    /// <summary>The checksums of all slots whose tensors came.</summary>
    public WeightChecksums Result()
    {
        // Companions that may stay away have done so by now.
        foreach (var (slot, way, _) in _waiting.Keys.Where(key => key.Part == Codes).ToList())
        {
            var encoding = _asked.Slots[slot].Encodings[way]!;
            var companions = encoding.Values.Companions;
            if (companions.Index().All(companion => companion.Item.Absent is not null || _waiting.ContainsKey((slot, way, companion.Index))))
                Set(slot, Hashed(_asked.Slots[slot], encoding, _waiting[(slot, way, Codes)], [.. companions.Select((_, part) => _waiting.GetValueOrDefault((slot, way, part)))]));
        }
        return new([.. _found.OfType<SlotChecksum>()]) { Prefix = _asked.Prefix };
    }

    public void Dispose()
    {
        foreach (var half in _waiting.Values) half.Dispose();
        _waiting.Clear();
    }

    private string? Known(string came) => (_mapped is null ? came : _mapped.Of(came)) is not { } name ? null
        : IsKnown(name) ? name
        : _asked.Prefix.Length > 0 && name.StartsWith(_asked.Prefix, StringComparison.Ordinal) && IsKnown(name[_asked.Prefix.Length..]) ? name[_asked.Prefix.Length..]
        : null;

    private bool IsKnown(string name) => _tensors.Contains(name) || _companions.Contains(name) || _absent.Contains(name);

    /// <summary>Whether a tensor has the decoded values of what the model loads quantised, as an export writes them.</summary>
    private static bool IsDecoded(SlotChecksum asked, torch.Tensor tensor) => ElementTypes.IsFloat(tensor.dtype) && Same(tensor.shape, asked.Shape);

    /// <summary>A quantised tensor waits for what stands beside it, and that for it.</summary>
    private void Bring(int slot, int way, int part, torch.Tensor tensor)
    {
        var encoding = _asked.Slots[slot].Encodings[way]!;
        var parts = encoding.Companions.Length;
        if (_waiting.TryGetValue((slot, way, part), out var before))
        {
            // The same part again, under the other name of a tied tensor: what either gives is not to be compared with the model then.
            if (before.dtype != tensor.dtype || !Same(before.shape, [.. tensor.shape]) || !TensorBits.Equal(before, tensor)) Set(slot, _asked.Slots[slot] with { Hash = null, Reason = "its parts contradict each other" });
            return;
        }

        // A copy of our own: the caller may dispose of the tensor by then, or bring the next in the same memory.
        _waiting.Add((slot, way, part), tensor.clone().DetachFromDisposeScope());
        if (!Enumerable.Range(Codes, parts + 1).All(other => _waiting.ContainsKey((slot, way, other)))) return;
        var checksum = Hashed(_asked.Slots[slot], encoding, _waiting[(slot, way, Codes)], [.. Enumerable.Range(0, parts).Select(other => _waiting[(slot, way, other)])]);
        for (var other = Codes; other < parts; other++)
        {
            _waiting.Remove((slot, way, other), out var copy);
            copy!.Dispose();
        }
        Set(slot, checksum);
    }

    private void Set(int slot, SlotChecksum checksum)
    {
        if (_found[slot] is { } before && (before.Hash, before.Reason) != (checksum.Hash, checksum.Reason))
            checksum = checksum with { Hash = null, Reason = checksum.Aliases.IsEmpty ? "the trainer has it twice, with different bits" : $"the trainer has other bits under one of the names {string.Join(", ", checksum.Aliases.Prepend(checksum.Tensor))} than under another" };
        _found[slot] = checksum;
    }

    private static SlotChecksum Hashed(SlotChecksum asked, SlotEncoding? declared, torch.Tensor stored, ImmutableArray<torch.Tensor?> companions)
    {
        var decodes = declared is not null && companions.Length == declared.Companions.Length;
        if (Refusal(asked, decodes ? declared : null, stored, companions) is { } reason) return asked with { Hash = null, Reason = reason };
        var encoding = decodes ? declared!.ToTensorEncoding() : TensorEncoding.Plain;
        try
        {
            return asked with { Hash = decodes ? Decoded(asked, encoding, stored, companions) : Plain(asked, stored), Reason = null };
        }
        catch (InvalidDataException error)
        {
            return asked with { Hash = null, Reason = $"it cannot be decoded: {error.Message}" };
        }
    }

    /// <summary>Why the trainer's tensor could not have filled the slot, or null.</summary>
    private static string? Refusal(SlotChecksum asked, SlotEncoding? declared, torch.Tensor stored, ImmutableArray<torch.Tensor?> companions)
    {
        var encoding = declared?.ToTensorEncoding() ?? TensorEncoding.Plain;
        var (shape, type) = (encoding.StoredShape(asked.Shape), asked.Type.ToScalarType());
        if (!encoding.TakesShape([.. stored.shape], shape)) return $"the trainer has it as {Shapes.Text(stored.shape)}, the model takes {Shapes.Text(shape)}";

        // Rounded, though a load would refuse to: a float32 trainer is to be compared with a bfloat16 engine.
        if (!encoding.Takes(stored.dtype, type, narrow: true)) return $"the trainer has it as {ElementTypes.Name(stored.dtype)}, the model takes {encoding.Expected(type)}";
        for (var i = 0; i < companions.Length; i++)
        {
            if (companions[i] is not { } companion) continue;
            var name = declared!.Companions[i];
            if (encoding.CoversOf(i, [.. companion.shape], asked.Shape) is null) return $"the trainer has {name} as {Shapes.Text(companion.shape)}, the model takes {string.Join(" or ", encoding.CompanionShapes(i, asked.Shape).Select(Shapes.Text))}";
            if (!encoding.TakesCompanion(i, companion.dtype)) return $"the trainer has {name} as {ElementTypes.Name(companion.dtype)}";
        }
        return null;
    }

    private static UInt128 Plain(SlotChecksum asked, torch.Tensor stored) =>
        TensorDigest.Of(stored, asked.Type.ToScalarType(), asked.Region.Offset, asked.Region.Sizes, asked.Region.Strides);

    private static UInt128 Decoded(SlotChecksum asked, TensorEncoding encoding, torch.Tensor stored, ImmutableArray<torch.Tensor?> companions)
    {
        var region = asked.Region;
        var span = region.Sizes.Zip(region.Strides, (size, stride) => (size - 1) * stride).Sum() + 1;
        using var tensor = new DecodedTensor(encoding, asked.Shape, stored, stored.dtype, companions);
        using var decoded = tensor.Values.Some(region.Offset, [span]);
        return TensorDigest.Of(decoded, asked.Type.ToScalarType(), 0, region.Sizes, region.Strides);
    }

    private static bool Same(long[] shape, ImmutableArray<long> expected) => expected.AsSpan().SequenceEqual(shape);
}
