using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>One row of a tensor list: tensors of one type and shape whose names differ in numbers alone.</summary>
/// <param name="name">Their names.</param>
/// <param name="start">Where the first of the names stands in the list's text, in characters.</param>
/// <param name="length">How many characters it has there, without the quotes.</param>
public sealed class ListedTensor(NameTemplate name, int start, int length)
{
    /// <summary>Their names.</summary>
    public NameTemplate Name { get; } = name;

    /// <summary>How many tensors there are.</summary>
    public long Count => Name.Count;

    /// <summary>The element type as listed, such as <c>BF16</c>, <c>F8_E4M3</c> or GGUF's <c>Q4_K</c>; null where the list has none.</summary>
    public string? Type { get; init; }

    /// <summary>The sizes, outermost first; empty for a scalar; default where the list has none.</summary>
    public ImmutableArray<long> Shape { get; init; }

    /// <summary>Where the first of the names stands in the list's text, in characters.</summary>
    public int Start { get; } = start;

    /// <summary>How many characters it has there, without the quotes.</summary>
    public int Length { get; } = length;

    /// <summary>Where the type stands; where the name does if there is no type.</summary>
    public int TypeStart { get; init; } = start;

    /// <summary>How many characters the type has, without the quotes.</summary>
    public int TypeLength { get; init; } = length;

    /// <summary>Where the shape stands; where the name does if there is no shape.</summary>
    public int ShapeStart { get; init; } = start;

    /// <summary>How many characters the shape has, with the brackets.</summary>
    public int ShapeLength { get; init; } = length;

    /// <summary>A row as it stands in a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="names">The names.</param>
    /// <param name="name">Where the first of them is written.</param>
    /// <param name="type">Where the type is written; -1 where neither that nor a shape is.</param>
    /// <param name="typeName">The type.</param>
    /// <param name="shape">Where the shape is written.</param>
    /// <param name="sizes">The sizes.</param>
    internal static ListedTensor Read(JsonText json, NameTemplate names, int name, int type, string? typeName, int shape, ImmutableArray<long> sizes) => type < 0
        ? new(names, json[name].Start, json[name].Length)
        : new(names, json[name].Start, json[name].Length)
        {
            Type = typeName,
            Shape = sizes,
            TypeStart = json[type].Start,
            TypeLength = json[type].Length,
            ShapeStart = json[shape].Start,
            ShapeLength = json[shape].Length,
        };

    /// <summary>The names, the type and the shape.</summary>
    public override string ToString() => Type is null || Shape.IsDefault ? $"{Name}" : $"{Name} {Type} [{string.Join(", ", Shape)}]";
}
