using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Copies;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Writes admitted tensors to the targets of an update, from any number of threads, and counts what was written.</summary>
/// <param name="mode">How the model is kept whole.</param>
/// <param name="options">Whether a first load may map files, and codes are kept.</param>
/// <param name="targets">Where the parameters are written.</param>
/// <param name="before">The states of the modules before the update, by position.</param>
internal sealed class SlotWriter(RefitMode mode, LoadOptions options, UpdateTargets targets, ModelState[] before) : IDisposable
{
    private readonly EncodedParts _parts = new();
    private readonly ChunkedTensors _chunks = new();
    private readonly ConcurrentDictionary<ModelTensor, long> _overflowed = [];
    private int _slots;
    private long _bytes;
    private long _mapped;

    /// <summary>Whether tensors of a mapped file may become the storage of parameters.</summary>
    public bool Maps => options.Mode == LoadMode.Map && mode == RefitMode.InPlace;

    /// <summary>How the files of a checkpoint are read: as it was asked for; else mapped where nothing of the model was loaded before, or where parameters are to be files.</summary>
    public CheckpointAccess Access { get; } = options.Access
        ?? (Array.TrueForAll(before, state => state == ModelState.Building) || (options.Mode == LoadMode.Map && Array.Exists(before, state => state == ModelState.Building)) ? CheckpointAccess.Map : CheckpointAccess.Read);

    /// <summary>Takes a tensor that was put together from its chunks, to be disposed.</summary>
    public required Action<ModelTensor, torch.Tensor> Assembled { get; init; }

    /// <summary>What is kept of what was decoded.</summary>
    public CodeCopies Copies { get; } = new(options.KeepCodes);

    /// <summary>What decoded values have where there is padding, which is zero.</summary>
    public ConcurrentQueue<(TensorUse Use, string Found)> WrongPadding { get; } = [];

    /// <summary>Whether anything was written, or may have been.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The tensors with finite values that became infinite by rounding, and how many.</summary>
    public IEnumerable<(ModelTensor Tensor, long Elements)> Overflowed => _overflowed.OrderBy(found => found.Key.Position).Select(found => (found.Key, found.Value));

    /// <summary>The slots that were written.</summary>
    public int Slots => _slots;

    /// <summary>The bytes of what they hold now.</summary>
    public long Bytes => _bytes;

    /// <summary>The bytes that were mapped instead of copied.</summary>
    public long MappedBytes => _mapped;

    /// <summary>
    /// Writes every slot that an admitted tensor fills. A quantised tensor waits for what stands beside it, and that for it, whichever
    /// comes first: the last one writes.
    /// </summary>
    /// <param name="place">Where the tensor's elements go.</param>
    /// <param name="source">The stored tensor, whole and contiguous; of blocks, their bytes.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="lasting">Whether the source never changes; any other is read before the call returns.</param>
    /// <returns>The number of slots that were written.</returns>
    public int Write(PlacedTensor place, torch.Tensor source, StoredType type, bool lasting = false)
    {
        var written = 0;
        if (place.Chunk is not null)
        {
            Assemble(place, source);
            return written;
        }

        // First, since what is written next may be where the tensor lies itself.
        if (place.Tensor.IsEncoded) _parts.Bring(place, source, lasting, WriteEncoded);
        foreach (var use in place.Uses)
        {
            if (!use.Companions.IsEmpty) continue;
            Write(use, source, type, []);
            written += use.Slots.Length;
        }
        return written;

        void WriteEncoded(TensorUse use, torch.Tensor codes, IReadOnlyList<torch.Tensor?> companions)
        {
            // Companions of another format; the books have them.
            for (var i = 0; i < companions.Count; i++)
            {
                if (use.Encoding.CoversOf(i, [.. companions[i]!.shape], use.Shape) is null || !use.Encoding.TakesCompanion(i, companions[i]!.dtype)) return;
            }
            Write(use, codes, codes.dtype, companions);
            written += use.Slots.Length;
        }
    }

    /// <summary>Writes what waits for companions that may stay away, when nothing more comes.</summary>
    public void WriteBare() => _parts.Rest((use, codes, companions) => Write(use, codes, codes.dtype, companions));

    /// <summary>Makes an admitted tensor of a mapped file the storage of its parameter, where that was asked for and the two are the same.</summary>
    /// <returns>False where it must be copied; then nothing was done.</returns>
    public bool TryMap(PlacedTensor place, CheckpointTensor stored, CheckpointMappings mappings)
    {
        if (!Maps || place.Chunk is not null || place.Tensor.IsEncoded || stored.Length == 0 || !stored.DType.IsViewable()) return false;

        // A tensor of two parameters is copied: they would share pages, and part at a refit.
        if (place.Uses is not [{ Encoding.IsPlain: true, Slots: [var slot] } use] || before[use.Parameter.Module.Position] != ModelState.Building) return false;
        var bound = use.Parameter.Bound;

        // Tensors of another format, which the commit will refuse, are written to the storage that is there.
        if (targets.Find(use.Parameter) is not null) return false;
        if (bound.IsTransformed || bound.Held.device_type != DeviceType.CPU || bound.Held.dtype != stored.DType.ToScalarType() || bound.Held.numel() != slot.Count) return false;
        if (slot is not { Sizes: [] } and not { Sizes: [_], TensorStrides: [1], ParameterStrides: [1] }) return false;
        using var noGrad = torch.no_grad();
        using var view = mappings.View(stored, slot.TensorOffset, [.. bound.ModelShape]);
        if (view is null) return false;
        bound.Held.set_(view);
        bound.MovedMemory();
        Interlocked.Add(ref _mapped, use.Elements * bound.Held.element_size());
        Enter(use, TargetOf(use.Parameter), decoded: false);
        return true;
    }

    /// <summary>
    /// Adds the copies of an admitted tensor to a batch instead of writing it. <see cref="Enter(PlacedTensor)"/> must follow when they are done.
    /// </summary>
    /// <param name="place">Where the tensor's elements go.</param>
    /// <param name="address">The address of the whole tensor.</param>
    /// <param name="bytes">The bytes that it takes.</param>
    /// <param name="type">Its type.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>False where the tensor is more than a copy within the memory of this process; then nothing was added.</returns>
    public bool TryAdd(PlacedTensor place, nint address, long bytes, torch.ScalarType type, CopyBatch batch)
    {
        if (!IsCopy(place, address, bytes, type)) return false;
        foreach (var use in place.Uses)
        {
            if (use.Slots.IsEmpty) continue;
            var target = TargetOf(use.Parameter);
            var elements = ElementCopies.Of(type, target.Type)!.Value;
            foreach (var slot in use.Slots) batch.Add(address, target.Address, StridedCopy.Into(slot), elements);
        }
        return true;
    }

    /// <summary>Where a parameter is written, by this or by somebody else: from now on the update has begun.</summary>
    public UpdateTarget TargetOf(ModelParameter parameter)
    {
        var target = targets.Of(parameter);
        HasBegun = true;
        return target;
    }

    /// <summary>Enters that all elements of a parameter were written that a format has.</summary>
    public void Enter(ModelParameter parameter, ParameterFormat format)
    {
        foreach (var use in format.Uses.Where(use => !use.Slots.IsEmpty)) Enter(use, TargetOf(parameter), decoded: false);
    }

    /// <summary>Where a tensor that is in no memory yet is copied to; null where it is more than a copy. <see cref="Enter(PlacedTensor)"/> must follow.</summary>
    /// <param name="place">Where the tensor's elements go.</param>
    /// <param name="type">Its type.</param>
    public List<(ImmutableArray<long> Shape, ImmutableArray<LayoutSlot> Slots, nint Target, ElementCopy Elements)>? CopiesOf(PlacedTensor place, torch.ScalarType type)
    {
        if (!IsCopy(place, 0, 0, type)) return null;
        return [.. place.Uses.Where(use => !use.Slots.IsEmpty).Select(use => (Use: use, Target: TargetOf(use.Parameter))).Select(to => (to.Use.Shape, to.Use.Slots, to.Target.Address, ElementCopies.Of(type, to.Target.Type)!.Value))];
    }

    /// <summary>Enters that all slots of an admitted tensor were written.</summary>
    public void Enter(PlacedTensor place)
    {
        foreach (var use in place.Uses)
        {
            if (!use.Slots.IsEmpty) Enter(use, TargetOf(use.Parameter), decoded: false);
        }
    }

    /// <summary>
    /// The parameter whose shadow a tensor is written to, or that it stands beside, where post-load frees that shadow early; null where it
    /// goes into live storage, and in a staged update, which keeps all shadows to its end: then it makes no difference what comes first.
    /// </summary>
    public ModelParameter? Shadowed(PlacedTensor place)
    {
        if (mode == RefitMode.Staged) return null;
        foreach (var use in place.Chunk is null ? place.Uses : [.. place.Tensor.Uses])
        {
            if (!use.Slots.IsEmpty && targets.NeedsShadow(use.Parameter)) return use.Parameter;
        }
        return place.Tensor.Serves.Find(use => !use.Slots.IsEmpty && targets.NeedsShadow(use.Parameter))?.Parameter;
    }

    /// <summary>Counts slots that were written, or are patched at the commit.</summary>
    public void Count(int slots, long bytes)
    {
        Interlocked.Add(ref _slots, slots);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Counts values of a tensor that became infinite.</summary>
    public void CountLost(TensorUse use, long elements)
    {
        if (elements > 0) _overflowed.AddOrUpdate(use.Tensor, elements, (_, before) => before + elements);
    }

    public void Dispose()
    {
        _parts.Dispose();
        _chunks.Dispose();
        Copies.Dispose();
    }

    /// <summary>Whether a tensor is no more than a copy within the memory of this process, to where it does not lie itself.</summary>
    private bool IsCopy(PlacedTensor place, nint address, long bytes, torch.ScalarType type)
    {
        if (place.Tensor.Serves.Count > 0 || place.Chunk is not null) return false;
        foreach (var use in place.Uses)
        {
            if (!use.Slots.IsEmpty && !(use.Encoding.IsPlain && CheckedTarget(use.Parameter) is { Address: not 0 } target && !target.Overlaps(address, bytes) && ElementCopies.Of(type, target.Type) is not null)) return false;
        }
        return true;
    }

    /// <summary>Keeps a chunk, or hands on the tensor with the last of them.</summary>
    private void Assemble(PlacedTensor place, torch.Tensor chunk)
    {
        if (_chunks.Put(place, chunk) is { } whole) Assembled(place.Tensor, whole);
    }

    private void Write(TensorUse use, torch.Tensor source, StoredType type, IReadOnlyList<torch.Tensor?> companions)
    {
        if (use.Slots.IsEmpty) return;
        var target = CheckedTarget(use.Parameter);
        var address = TensorAddress.Reach(source, out var bytes);
        using var own = target.Overlaps(address, bytes) ? source.clone() : null;
        if (type.Blocks is null && use.Encoding.IsPlain)
        {
            var from = own is null ? address : TensorAddress.Reach(own);
            SlotCopy.Write(own ?? source, from, target.Value, target.Address, use.Slots);
            if (!ElementTypes.Fits(type.Scalar, target.Type, narrow: false)) CountLost(use, NarrowedValues.Lost(own ?? source, from, target.Type, use.Slots));
        }
        else
        {
            try
            {
                using var near = new DecodedTensor(use.Encoding, use.Shape, own ?? source, type, companions);
                CountLost(use, DecodedSlots.Write(use, near.Values, target.Value, target.Address));
                if (!use.Padding.IsEmpty && !use.Companions.IsEmpty && PaddedElements.NonZero(use.Padding, near.Values, use.Shape) is { } found) WrongPadding.Enqueue((use, found));
            }
            catch (InvalidDataException error)
            {
                throw new CheckpointException(use.Tensor.Name, $"it cannot be decoded, or what stands beside it: {error.Message}", error);
            }
        }
        if (type.Blocks is null && !use.Encoding.IsPlain) Copies.Keep(use, own ?? source, companions);
        Enter(use, target, decoded: type.Blocks is not null);
    }

    private void Enter(TensorUse use, UpdateTarget target, bool decoded)
    {
        target.Enter(use, decoded);
        Count(use.Slots.Length, use.Elements * target.ElementSize);
    }

    /// <summary>The target of a parameter that is written to next.</summary>
    private UpdateTarget CheckedTarget(ModelParameter parameter)
    {
        // One that is made now is compared while it is made.
        if (targets.Find(parameter) is not { } known) return TargetOf(parameter);
        known.Check();
        HasBegun = true;
        return known;
    }
}
