using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>Something wrong with the layout of a declared parameter.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Pattern">Its pattern.</param>
/// <param name="Source">The source, if it is in one.</param>
/// <param name="Format">The format in which it is wrong, if the parameter has several.</param>
/// <param name="Location">The characters that are wrong.</param>
/// <param name="Axes">The names that patterns of the class know.</param>
public sealed record LayoutFault(
    LayoutError Error,
    IPropertySymbol Parameter,
    string Pattern,
    LayoutSource? Source,
    string? Format,
    Location Location,
    IReadOnlyList<string> Axes)
{
    /// <summary>Whether it is in a constant of the parameter.</summary>
    public bool IsOfConstant { get; init; }
}
