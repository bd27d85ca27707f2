namespace Lanyard.Index;

/// <summary>The names of a model's tensors in all ways of naming, where there are several.</summary>
internal sealed class KnownNames
{
    private readonly Dictionary<string, KnownName> _names = new(StringComparer.Ordinal);

    // What is one tensor in one way and another in another: rare, so that it is kept apart.
    private readonly Dictionary<string, List<KnownName>> _several = new(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IEnumerable<string> All => _names.Keys;

    /// <summary>Whether any name means different tensors in different ways.</summary>
    public bool HasAmbiguous => _several.Count > 0;

    /// <summary>Adds a name. Returns the tensor that has it already in one of the ways, or null.</summary>
    public ModelTensor? Add(string name, ModelTensor tensor, ulong ways)
    {
        if (_names.TryAdd(name, new KnownName(tensor, ways))) return null;
        var known = _names[name];
        if (known.Tensor == tensor)
        {
            _names[name] = new KnownName(tensor, known.Ways | ways);
            return null;
        }
        if (!_several.TryGetValue(name, out var list)) _several.Add(name, list = [known]);
        if (list.Find(other => other.Tensor != tensor && (other.Ways & ways) != 0).Tensor is { } twice) return twice;
        _names[name] = new KnownName(null, known.Ways | ways);
        if (list.FindIndex(other => other.Tensor == tensor) is >= 0 and var at) list[at] = new KnownName(tensor, list[at].Ways | ways);
        else list.Add(new KnownName(tensor, ways));
        return null;
    }

    /// <summary>What a name means in a set of ways.</summary>
    public KnownName Find(string name, ulong ways)
    {
        if (!_names.TryGetValue(name, out var known)) return default;
        if (!known.IsAmbiguous) return (known.Ways & ways) == 0 ? default : known with { Ways = known.Ways & ways };
        var left = _several[name].FindAll(other => (other.Ways & ways) != 0);
        return left is [var only] ? only with { Ways = only.Ways & ways } : new KnownName(null, known.Ways & ways);
    }
}
