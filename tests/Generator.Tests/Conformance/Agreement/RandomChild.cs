namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>A child of a class of a random family.</summary>
/// <param name="Name">The name of the property in lower case.</param>
/// <param name="Classes">The class, or the two of which each instance has one.</param>
internal sealed record RandomChild(string Name, IReadOnlyList<RandomClass> Classes)
{
    public bool IsList { get; init; }

    public bool IsOptional { get; init; }

    /// <summary>The flag on which it depends whether there is one, or null.</summary>
    public string? When { get; init; }

    /// <summary>What axes of the child are here: <c>a = (b c)</c>.</summary>
    public string? Axes { get; init; }

    /// <summary>The ties: an axis of the child with the axes of which it is the product; none for a size of its own.</summary>
    public IReadOnlyList<(string Axis, string[] Factors)> Ties { get; init; } = [];
}
