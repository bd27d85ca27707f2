namespace Lanyard;

/// <summary>Another name of a checkpoint tensor: tied weights.</summary>
/// <param name="Alias">The other full name.</param>
/// <param name="Name">The full name that the model knows.</param>
public sealed record AliasEntry(string Alias, string Name);
