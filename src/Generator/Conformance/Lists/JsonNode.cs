namespace Lanyard.Generator.Conformance.Lists;

/// <summary>A value of a JSON text, or the name of a member.</summary>
/// <param name="kind">What it is.</param>
/// <param name="start">Where it stands; a string after its quote.</param>
/// <param name="length">How long it is; a string without its quotes.</param>
/// <param name="next">The node after it and everything in it.</param>
/// <param name="hasEscapes">Whether it is a string with escapes.</param>
internal readonly struct JsonNode(JsonKind kind, int start, int length, int next, bool hasEscapes)
{
    /// <summary>Where it stands; a string after its quote.</summary>
    public readonly int Start = start;

    /// <summary>How long it is; a string without its quotes.</summary>
    public readonly int Length = length;

    /// <summary>The node after it and everything in it.</summary>
    public readonly int Next = next;

    /// <summary>What it is.</summary>
    public readonly JsonKind Kind = kind;

    /// <summary>Whether it is a string with escapes.</summary>
    public readonly bool HasEscapes = hasEscapes;
}
