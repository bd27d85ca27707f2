using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Where a problem is: in a list, or in a class.</summary>
/// <param name="Start">Where it starts in the list's text; -1 where it is none of the list.</param>
/// <param name="Length">How many characters it has there.</param>
/// <param name="Class">The class as metadata spells it, or null.</param>
/// <param name="Member">The property, or null for the class.</param>
/// <param name="Source">Which source of the property, or which pattern to ignore of the class; -1 for none.</param>
/// <param name="IsName">Whether the name of the source is meant, not its pattern.</param>
public sealed record ProblemPlace(int Start, int Length, string? Class = null, string? Member = null, int Source = -1, bool IsName = false)
{
    /// <summary>The names of a row.</summary>
    public static ProblemPlace Name(ListedTensor row) => new(row.Start, row.Length);

    /// <summary>The shape of a row.</summary>
    public static ProblemPlace Shape(ListedTensor row) => new(row.ShapeStart, row.ShapeLength);

    /// <summary>The type of a row.</summary>
    public static ProblemPlace Type(ListedTensor row) => new(row.TypeStart, row.TypeLength);

    /// <summary>A class, or a member of it.</summary>
    public static ProblemPlace Of(string type, string? member = null) => new(-1, 0, type, member);

    /// <summary>A source of a parameter.</summary>
    public static ProblemPlace Of(string type, string member, int source, bool isName) => new(-1, 0, type, member, source, isName);

    /// <summary>A pattern to ignore.</summary>
    public static ProblemPlace Ignore(string type, int ignore) => new(-1, 0, type, null, ignore);
}
