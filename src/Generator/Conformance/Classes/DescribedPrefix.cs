namespace Lanyard.Generator.Conformance.Classes;

/// <summary>A prefix before every name of a module.</summary>
/// <param name="Prefix">The prefix, with its dot.</param>
/// <param name="Convention">The convention that has it; empty where all names of any have it or none.</param>
public sealed record DescribedPrefix(string Prefix, string Convention);
