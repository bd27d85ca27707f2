namespace Lanyard;

/// <summary>Another name of a checkpoint tensor: tied weights.</summary>
/// <param name="Alias">The other name, below the module.</param>
/// <param name="Name">The name that the model knows, below the module.</param>
public sealed record AliasEntry(string Alias, string Name);
