namespace Lanyard.Generator.Models;

/// <summary>Another name of a checkpoint tensor.</summary>
public sealed record AliasModel(string Alias, string Name);
