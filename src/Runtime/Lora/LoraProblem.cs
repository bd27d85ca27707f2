namespace Lanyard;

/// <summary>One thing that keeps an adapter from being used.</summary>
/// <param name="Name">The setting, the tensor or the module.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Found">What was found.</param>
public sealed record LoraProblem(string Name, string Expected, string Found);
