using Lanyard.Generator.Conformance.Sizes;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>The sizes of the axes of a module, and of those around it.</summary>
/// <param name="system">What is known of sizes.</param>
/// <param name="around">The sizes of the module around it; null for a root.</param>
internal sealed class AxisScope(SizeSystem<SizeSource> system, AxisScope? around)
{
    private readonly Dictionary<string, SizeTerm> _axes = new(StringComparer.Ordinal);

    /// <summary>The axes of the module itself.</summary>
    public IReadOnlyDictionary<string, SizeTerm> Axes => _axes;

    /// <summary>Adds an axis of the module.</summary>
    public void Add(string name, SizeTerm size) => _axes[name] = size;

    /// <summary>The size of an axis here, or in the nearest module around that has one of its name; null where none has.</summary>
    public SizeTerm? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Around)
        {
            if (scope._axes.TryGetValue(name, out var size)) return size;
        }
        return null;
    }

    /// <summary>The extent of an item.</summary>
    public SizeTerm Of(ItemNode item) => item switch
    {
        AxisNode axis => Find(axis.Name) ?? Own(axis.Name),
        CompositionNode composition => Of(composition),
        PadNode pad => system.Padded(Of(pad.Composition), pad.Multiple),
        BlocksNode blocks => system.Blocks(Of(blocks.Composition), blocks.Size),
        _ => SizeTerm.One,
    };

    /// <summary>The extent of a composition: of its parts together.</summary>
    public SizeTerm Of(CompositionNode composition) => composition.Parts
        .Select(part => part.Items.Select(Of).Aggregate(SizeTerm.One, static (product, size) => product.Times(size)))
        .Aggregate(static (sum, size) => sum.Plus(size));

    private AxisScope? Around => around;

    // A rule says that the class has no such axis.
    private SizeTerm Own(string name)
    {
        Add(name, SizeTerm.Of(system.Add(name)));
        return _axes[name];
    }
}
