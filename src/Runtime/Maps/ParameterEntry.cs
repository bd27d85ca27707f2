using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard;

/// <summary>One entry of a class's parameter map: what the class declares of a parameter, for all its instances.</summary>
/// <param name="Index">The position in the map.</param>
/// <param name="Property">The name of the property.</param>
/// <param name="Name">The name under which the parameter is registered.</param>
/// <param name="Pattern">The model layout.</param>
/// <param name="Sources">The checkpoint tensors that fill it, in order of declaration; empty for a derived parameter.</param>
public sealed record ParameterEntry(int Index, string Property, string Name, string Pattern, ImmutableArray<CheckpointSource> Sources)
{
    /// <summary>The declared kernel layout, or null where the storage is in the model layout.</summary>
    public string? Kernel { get; init; }

    /// <summary>The declared element type, or null where the constructor's is taken.</summary>
    public torch.ScalarType? Type { get; init; }

    /// <summary>The parts that nothing stored fills.</summary>
    public ImmutableArray<ParameterConstant> Constants { get; init; } = [];

    /// <summary>The value of every element where none of its tensors is there, or null where it may not stay away.</summary>
    public double? Absent { get; init; }

    /// <summary>How the class multiplies with the parameter, so that an adapter takes effect or has none.</summary>
    public AdapterUse Adapters { get; init; }

    /// <summary>The kernel layout where one is declared, else the model layout: what loads write in a tree with kernel layouts. <see cref="BoundParameter.Storage"/> is that of an instance.</summary>
    public string Storage => Kernel ?? Pattern;
}
