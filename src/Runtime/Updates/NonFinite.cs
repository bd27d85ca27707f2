namespace Lanyard;

/// <summary>A parameter with values that are infinite or no numbers.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Elements">How many.</param>
public sealed record NonFinite(string Parameter, long Elements);
