namespace Lanyard.Generator.Models;

/// <summary>A prefix that some checkpoints put before every name.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Convention">The convention that has it throughout, or empty.</param>
public sealed record PrefixModel(string Prefix, string Convention);
