using System.Collections.Immutable;

namespace Lanyard;

/// <summary>Shapes as messages show them.</summary>
internal static class Shapes
{
    public static string Text(ImmutableArray<long> shape) => Text(shape.AsSpan());

    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
