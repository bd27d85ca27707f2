namespace Lanyard.Layouts;

/// <summary>One source of a parameter, already parsed: a <see cref="LayoutSource"/> that needs no reading again.</summary>
/// <param name="Name">The checkpoint name, with holes.</param>
/// <param name="Pattern">How each of these tensors is laid out.</param>
/// <param name="Part">The part in which both sides lie, or null.</param>
public sealed record ParsedSource(NamePattern Name, Pattern Pattern, string? Part = null);
