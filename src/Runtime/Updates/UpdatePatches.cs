using Lanyard.Copies;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The patches of an update: brought from any thread, written together when nothing more comes.</summary>
internal sealed class UpdatePatches
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ModelParameter, List<PatchedElements>> _patches = [];
    private readonly Dictionary<ModelTensor, IndexSet> _indices = [];

    /// <summary>Whether there are any that are not written.</summary>
    public bool Any
    {
        get
        {
            lock (_lock) return _patches.Count > 0;
        }
    }

    /// <summary>Enters indices of a tensor. Returns what is wrong with them, or null.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="given">The elements that they belong to.</param>
    /// <param name="elements">The number of elements that they index.</param>
    public string? Enter(ModelTensor tensor, GivenElements given, long elements)
    {
        lock (_lock)
        {
            if (!_indices.TryGetValue(tensor, out var known)) _indices.Add(tensor, known = new IndexSet(elements));
            return known.Add(given);
        }
    }

    /// <summary>What is wrong with elements that no parameter has, since they are padding: they are zero. Null where nothing is.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="given">Elements whose indices were entered.</param>
    /// <param name="elements">The number of elements that they index.</param>
    public static string? Padding(ModelTensor tensor, GivenElements given, long elements)
    {
        foreach (var use in tensor.Uses)
        {
            if (use.Padding.IsEmpty || use.Shape.Aggregate(1L, static (count, size) => count * size) != elements) continue;
            using var scope = torch.NewDisposeScope();
            var (positions, hit) = given.Of(use).Of(use.Padding.AsSpan());
            if (hit.count_nonzero().ReadInt64() == 0) continue;
            var first = hit.nonzero()[0, 0].ReadInt64();
            return $"{PaddedElements.Text(hit[first].to_type(torch.ScalarType.Float64).ReadDouble(), positions[first].ReadInt64(), use.Shape)}, where \"{use.Source.Pattern}\" has padding, which is zero";
        }
        return null;
    }

    /// <summary>Adds the elements that the slots of a use take.</summary>
    /// <param name="use">The use.</param>
    /// <param name="given">Elements whose indices were entered.</param>
    /// <param name="lost">How many of them are finite, and become infinite by rounding.</param>
    /// <returns>The number of elements.</returns>
    public long Add(TensorUse use, GivenElements given, out long lost)
    {
        var type = use.Parameter.Bound.Held.dtype;
        var decoded = use.Encoding.IsPlain ? given : given.Decoded(use.Encoding);
        lost = decoded.MayLose(type) ? Lost(decoded.Of(use), use, type) : 0;
        var patch = decoded.As(type).Of(use);
        lock (_lock)
        {
            if (!_patches.TryGetValue(use.Parameter, out var patches)) _patches.Add(use.Parameter, patches = []);
            patches.Add(patch);
        }
        return patch.Count();
    }

    /// <summary>The parameters that have patches which are not written.</summary>
    public IReadOnlyCollection<ModelParameter> Parameters => [.. _patches.Keys];

    /// <summary>Whether a parameter has patches that are not written.</summary>
    public bool IsOpen(ModelParameter parameter) => _patches.ContainsKey(parameter);

    /// <summary>Writes the elements by all processors, but for those that wait.</summary>
    /// <param name="target">Where a parameter is written; null where it waits.</param>
    public void Apply(Func<ModelParameter, torch.Tensor?> target)
    {
        var pieces = new List<(PatchedElements Patch, int Piece, nint Address)>();
        foreach (var parameter in _patches.Keys.ToList())
        {
            if (target(parameter) is not { } written) continue;
            Add(_patches[parameter], written, pieces);
            _patches.Remove(parameter);
        }
        Write(pieces);
    }

    /// <summary>Writes the elements of one parameter to a copy of it. They stay.</summary>
    public void ApplyTo(ModelParameter parameter, torch.Tensor copy)
    {
        var pieces = new List<(PatchedElements Patch, int Piece, nint Address)>();
        Add(_patches[parameter], copy, pieces);
        Write(pieces);
    }

    /// <summary>Forgets the patches and their indices: whoever keeps a session that has ended keeps no more of it.</summary>
    public void Clear()
    {
        _patches.Clear();
        _indices.Clear();
    }

    private static long Lost(PatchedElements patch, TensorUse use, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var (_, taken) = patch.Of(use.Slots.AsSpan());
        return NarrowedValues.Lost(taken, type);
    }

    private static void Add(List<PatchedElements> patches, torch.Tensor written, List<(PatchedElements Patch, int Piece, nint Address)> pieces)
    {
        var (address, type) = (TensorAddress.Reach(written), written.dtype);
        foreach (var patch in patches)
        {
            if (address != 0 && patch.Type == type) pieces.AddRange(Enumerable.Range(0, patch.Pieces).Select(piece => (patch, piece, address)));
            else patch.Write(written);
        }
    }

    private static void Write(List<(PatchedElements Patch, int Piece, nint Address)> pieces) =>
        Workers.Run(pieces.Count, i => pieces[i].Patch.Write(pieces[i].Piece, pieces[i].Address));
}
