using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Index;

/// <summary>One of the alternatives in which a checkpoint may bring a parameter.</summary>
internal sealed class ParameterFormat(string name, int position)
{
    private long? _elements;

    /// <summary>The position among the formats of all parameters of the model.</summary>
    public int Position { get; } = position;

    /// <summary>The declared name; empty for the first.</summary>
    public string Name { get; } = name;

    /// <summary>Every tensor of the format, those of other ranks too, in the order of the sources and of the indices in their names.</summary>
    public List<TensorUse> Uses { get; } = [];

    /// <summary>The tensors that fill this rank's part of the parameter together, with the scales that they need.</summary>
    public List<ModelTensor> Tensors { get; } = [];

    /// <summary>Companions that may stay away, each together with those of the other tensors of its source: all are there or none.</summary>
    public List<ImmutableArray<ModelTensor>> Optional { get; } = new(0);

    /// <summary>What of this rank's part of the parameter nothing stored fills.</summary>
    public ImmutableArray<ConstantSlot> Constants { get; set; } = [];

    /// <summary>The elements of this rank's part of the parameter, padding and constants aside.</summary>
    public long Elements => _elements ??= Uses.Sum(use => use.Elements);
}
