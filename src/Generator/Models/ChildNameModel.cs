namespace Lanyard.Generator.Models;

/// <summary>The name of a child in the checkpoints of one format.</summary>
/// <param name="Format">The format.</param>
/// <param name="Name">The name; empty where the child has no level of its own.</param>
public sealed record ChildNameModel(string Format, string Name);
