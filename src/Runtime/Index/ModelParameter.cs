using System.Collections.Immutable;

namespace Lanyard.Index;

/// <summary>A parameter of one module of the tree, under its full name.</summary>
internal sealed class ModelParameter(string name, ModelModule module, BoundParameter bound, int position)
{
    private ImmutableArray<ImmutableArray<ParameterFormat>> _layouts;

    /// <summary>The position among all parameters of the tree, absent ones included.</summary>
    public int Position { get; } = position;

    public string Name { get; } = name;

    public ModelModule Module { get; } = module;

    public BoundParameter Bound { get; } = bound;

    /// <summary>The alternatives, in order of declaration; empty for a derived parameter, and for one that is absent.</summary>
    public List<ParameterFormat> Formats { get; } = [];

    /// <summary>The formats, those together that take the same elements out of the same tensors: they differ in how these are stored, each tensor by itself.</summary>
    public ImmutableArray<ImmutableArray<ParameterFormat>> Layouts
    {
        get
        {
            if (_layouts.IsDefault) ImmutableInterlocked.InterlockedInitialize(ref _layouts, Grouped());
            return _layouts;
        }
    }

    private ImmutableArray<ImmutableArray<ParameterFormat>> Grouped()
    {
        var groups = new List<List<ParameterFormat>>();
        foreach (var format in Formats)
        {
            if (groups.Find(group => AreAlike(group[0], format)) is { } alike) alike.Add(format);
            else groups.Add([format]);
        }
        return [.. groups.Select(group => group.ToImmutableArray())];
    }

    private static bool AreAlike(ParameterFormat a, ParameterFormat b) =>
        a.Uses.Count == b.Uses.Count && Ordered(a).Zip(Ordered(b)).All(pair => pair.First.Tensor == pair.Second.Tensor && pair.First.HasSlotsOf(pair.Second));

    private static IEnumerable<TensorUse> Ordered(ParameterFormat format) =>
        format.Uses.OrderBy(use => use.Tensor.Position).ThenBy(use => use.Slots.IsEmpty ? -1 : use.Slots[0].ParameterOffset);
}
