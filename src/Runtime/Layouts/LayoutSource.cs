namespace Lanyard.Layouts;

/// <summary>One source of a parameter as its author writes it.</summary>
/// <param name="Name">The checkpoint name, with holes: <c>experts.{experts}.weight</c>.</param>
/// <param name="Pattern">How each of these tensors is laid out.</param>
/// <param name="Part">The part in which both sides lie, or null.</param>
public sealed record LayoutSource(string Name, string Pattern, string? Part = null)
{
    /// <summary>Reads both texts.</summary>
    /// <exception cref="LayoutException">One of them does not parse.</exception>
    public ParsedSource Parse() => new(NamePattern.Parse(Name), Layouts.Pattern.Parse(Pattern), Part);
}
