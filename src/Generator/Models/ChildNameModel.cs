namespace Lanyard.Generator.Models;

/// <summary>The name of a child in the checkpoints of one convention or format.</summary>
/// <param name="Convention">The convention, or empty.</param>
/// <param name="Format">The format, or empty.</param>
/// <param name="Name">The name; empty where the child has no level of its own.</param>
public sealed record ChildNameModel(string Convention, string Format, string Name);
