using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>A checkpoint tensor that a model has a place for.</summary>
internal sealed class ModelTensor(string name, ImmutableArray<long> shape)
{
    /// <summary>The full name, without the model's optional prefix.</summary>
    public string Name { get; } = name;

    /// <summary>The shape of the whole tensor, before any slicing.</summary>
    public ImmutableArray<long> Shape { get; } = shape;

    /// <summary>Where its elements go on this rank; empty where another rank holds them all.</summary>
    public List<TensorUse> Uses { get; } = [];
}

/// <summary>The slots of one parameter that one checkpoint tensor fills.</summary>
internal sealed record TensorUse(ModelParameter Parameter, ParameterFormat Format, ImmutableArray<LayoutSlot> Slots);

/// <summary>One of the alternatives in which a checkpoint may bring a parameter.</summary>
internal sealed record ParameterFormat(string Name)
{
    /// <summary>The tensors that fill this rank's part of the parameter together.</summary>
    public List<ModelTensor> Tensors { get; } = [];
}

/// <summary>A parameter of one module of the tree, under its full name.</summary>
internal sealed record ModelParameter(string Name, ModelModule Module, BoundParameter Bound)
{
    /// <summary>The alternatives, in order of declaration; empty for a derived parameter.</summary>
    public List<ParameterFormat> Formats { get; } = [];
}

/// <summary>A module of the tree, with its position in it and the prefix of its names.</summary>
internal sealed record ModelModule(int Position, string Prefix, ParameterSet Set)
{
    /// <summary>The module's own parameters, by position in its map.</summary>
    public List<ModelParameter> Parameters { get; } = [];
}
