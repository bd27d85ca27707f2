namespace Lanyard;

/// <summary>What a configuration says of an encoding that tensors do not tell from another.</summary>
/// <param name="Name">The field.</param>
/// <param name="Value">Its value, in letters of either case.</param>
public sealed record ConfiguredField(string Name, string Value);
