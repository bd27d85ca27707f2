namespace Lanyard;

/// <summary>A prefix that checkpoints may put before every name of a module.</summary>
/// <param name="Prefix">The prefix, with its dot.</param>
/// <param name="Convention">The convention that has it throughout; empty where a checkpoint of any may have it or not.</param>
public sealed record PrefixEntry(string Prefix, string Convention = "");
