namespace Lanyard.Generator.Conformance.Solving;

/// <summary>What a list says of a member of a class.</summary>
/// <param name="Class">The class, as metadata spells it.</param>
/// <param name="Member">The property or field; null for the class itself.</param>
/// <param name="Text">What is said.</param>
public sealed record InferredMember(string Class, string? Member, string Text);
